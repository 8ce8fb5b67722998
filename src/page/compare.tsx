import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { count, plural } from '../report/text.ts';
import { Badge, Choose, Wide } from './bits.tsx';
import {
  type Comparable,
  type ComparableVerdict,
  type Difference,
  differences,
  readReport,
  variantDifferences,
} from './compare.ts';
import { usePage } from './page.tsx';
import { shown } from './phrases.ts';
import { inRoute } from './route.ts';
import type { Selected } from './selected.ts';

/** Two variants of a model beside each other, or two reports. */
export function Compare(): JSX.Element {
  const { selected } = usePage();
  return (
    <>
      <h1>Compare</h1>
      {selected !== undefined && <Variants selected={selected} />}
      <Reports />
    </>
  );
}

function Variants({ selected }: { readonly selected: Selected }): JSX.Element {
  const { route, go } = usePage();
  const { model, variant } = selected;
  const others = model.variants.filter((each) => each !== variant);
  const other = others.find(({ name }) => inRoute(name) === route.other) ?? others[0];
  if (other === undefined) return <p class="faint">The model has no other variant in this report.</p>;
  const names = [...new Set([...Object.keys(variant.option), ...Object.keys(other.option)])];
  const options = names.filter((name) => variant.option[name] !== other.option[name]);
  const found = variantDifferences(variant as never, other as never);
  return (
    <section aria-labelledby="variants-title">
      <h2 id="variants-title">Two variants of {shown(model.name, 60)}</h2>
      <div class="filters">
        <Choose
          label={`${shown(variant.name, 60)} beside`}
          value={String(others.indexOf(other))}
          options={others.map(({ name }, i) => ({ value: String(i), text: shown(name, 60) }))}
          onChoose={(value) => go({ other: inRoute(others[Number(value)]!.name) })}
        />
      </div>
      <Wide label="Differences of the variants">
        <table>
          <thead>
            <tr>
              <th scope="col">what</th>
              <th scope="col">{shown(variant.name, 60)}</th>
              <th scope="col">{shown(other.name, 60)}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((difference) => (
              <tr>
                <th scope="row">{shown(difference.what, 80)}</th>
                <Side side={difference.before} />
                <Side side={difference.after} />
              </tr>
            ))}
            {options.map((name) => (
              <tr>
                <th scope="row">
                  <span class="faint">option</span> {shown(name, 60)}
                </th>
                <td>{shown(String(variant.option[name]), 60)}</td>
                <td>{shown(String(other.option[name]), 60)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {found.length + options.length === 0 && <p class="faint">There is no difference.</p>}
    </section>
  );
}

type Loaded =
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'loaded'; readonly name: string; readonly report: Comparable };

function Reports(): JSX.Element {
  const { data } = usePage();
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'none' });
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      setLoaded({ kind: 'loaded', name: file.name, report: readReport(await file.text()) });
    } catch (error) {
      setLoaded({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <section aria-labelledby="reports-title">
      <h2 id="reports-title">This report and another</h2>
      <p>
        Another page of <code>--html</code>, or what <code>holdfast check --json</code> has printed. It is read from
        your disk, and goes nowhere.
      </p>
      <label class="filters">
        the earlier report{' '}
        <input type="file" accept=".json,.html" onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </label>
      {loaded.kind === 'failed' && (
        <p class="bad" role="alert">
          ✗ It cannot be read. {shown(loaded.why)}
        </p>
      )}
      {loaded.kind === 'loaded' && (
        <Found name={loaded.name} found={differences(loaded.report, data as unknown as Comparable)} />
      )}
    </section>
  );
}

function Found({ name, found }: { readonly name: string; readonly found: readonly Difference[] }): JSX.Element {
  if (found.length === 0)
    return <p class="good">✓ No verdict, no run length and no figure differs from {shown(name)}.</p>;
  return (
    <>
      <p>{plural(found.length, 'difference')}.</p>
      <Wide label="Differences of the reports">
        <table>
          <thead>
            <tr>
              <th scope="col">model</th>
              <th scope="col">variant</th>
              <th scope="col">what</th>
              <th scope="col">{shown(name, 60)}</th>
              <th scope="col">this report</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ model, variant, what, before, after }) => (
              <tr>
                <td>{shown(model, 60)}</td>
                <th scope="row">{shown(variant, 60)}</th>
                <td>{what === '' ? (before === undefined ? 'is new' : 'is gone') : shown(what, 80)}</td>
                <Side side={before} />
                <Side side={after} />
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

function Side({ side }: { readonly side: ComparableVerdict | number | undefined }): JSX.Element {
  if (side === undefined) return <td class="none">–</td>;
  if (typeof side === 'number') return <td class="figure">{count(side)}</td>;
  return (
    <td>
      <Badge verdict={side as never} />
      {side.steps !== undefined && <span class="steps"> {plural(side.steps, 'step')}</span>}
    </td>
  );
}
