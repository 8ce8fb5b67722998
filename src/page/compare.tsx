import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Difference, differences, readReport, type Said, variantDifferences } from '../report/html/compare.ts';
import type { BaselineData } from '../report/html/page-data.ts';
import { count, plural } from '../report/text.ts';
import { Badge, Choose, Name, Wide } from './bits.tsx';
import { usePage } from './page.tsx';
import { shown } from './phrases.ts';
import { inRoute, modelName } from './route.ts';
import type { Selected } from './selected.ts';

/** Two variants of a model beside each other, or two reports. */
export function Compare(): JSX.Element {
  const { data, selected } = usePage();
  return (
    <>
      <h1>Compare</h1>
      {data.baseline !== undefined && <Baseline baseline={data.baseline} />}
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
  if (other === undefined) {
    return (
      <section aria-labelledby="variants-title">
        <h2 id="variants-title">Two variants of {shown(model.name, 60)}</h2>
        <p class="faint">It has no other variant in this report.</p>
      </section>
    );
  }
  const names = [...new Set([...Object.keys(variant.option), ...Object.keys(other.option)])];
  const options = names.filter((name) => variant.option[name] !== other.option[name]);
  const found = variantDifferences(variant, other);
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

/** The earlier report that this one was written to be compared with. */
function Baseline({ baseline }: { readonly baseline: BaselineData }): JSX.Element {
  return (
    <section aria-labelledby="baseline-title">
      <h2 id="baseline-title">This report and an earlier one</h2>
      <Found found={baseline} />
    </section>
  );
}

type Loaded =
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'loaded'; readonly found: BaselineData };

function Reports(): JSX.Element {
  const { data } = usePage();
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'none' });
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      const report = readReport(await file.text());
      const found = { name: file.name, holdfast: report.holdfast, differences: differences(report, data) };
      setLoaded({ kind: 'loaded', found });
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
          ✗ It cannot be read: {shown(loaded.why)}.
        </p>
      )}
      {loaded.kind === 'loaded' && <Found found={loaded.found} />}
    </section>
  );
}

/** What differs of what both reports have, and then what only one of them has. */
function Found({ found }: { readonly found: BaselineData }): JSX.Element {
  const { data } = usePage();
  const { name, holdfast } = found;
  const lone = found.differences.filter(({ what }) => what === '');
  const common = found.differences.filter(({ what }) => what !== '');
  return (
    <>
      <p>
        The earlier report is <code>{shown(name)}</code>
        {holdfast !== data.holdfast && `, which Holdfast ${shown(holdfast, 40)} has written`}.
      </p>
      {common.length === 0 ? (
        <p class="good">✓ No verdict, no run length and no figure differs of what both have.</p>
      ) : (
        <Differences name={name} common={common} />
      )}
      <Lone what="Only this report has" variants={lone.filter(({ before }) => before === undefined)} />
      <Lone what="Only the earlier report has" variants={lone.filter(({ after }) => after === undefined)} />
    </>
  );
}

function Differences({ name, common }: { readonly name: string; readonly common: readonly Difference[] }): JSX.Element {
  return (
    <>
      <p>{plural(common.length, 'difference')}.</p>
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
            {common.map((difference) => (
              <tr>
                <td>
                  <Name name={difference.model} most={60} />
                </td>
                <th scope="row">
                  <Name name={difference.variant} most={60} />
                </th>
                <td>
                  <What difference={difference} />
                </td>
                <Side side={difference.before} />
                <Side side={difference.after} />
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

/** A figure; or a property, with a link to its run where this report has one. */
function What({ difference }: { readonly difference: Difference }): JSX.Element {
  const { data, link } = usePage();
  const { what } = difference;
  const model = data.models.find(({ name, file }) => name === difference.model && file === difference.file);
  const variant = model?.variants.find(({ name }) => name === difference.variant);
  const hasRun = variant?.verdicts.some(({ property, run }) => property === what && run !== undefined);
  if (typeof difference.after === 'number' || model === undefined || !hasRun) return <Name name={what} most={80} />;
  const to = {
    screen: 'run',
    model: inRoute(modelName(data.models, model)),
    variant: inRoute(difference.variant),
    property: inRoute(what),
  } as const;
  return (
    <a href={link(to)}>
      <Name name={what} most={80} />
    </a>
  );
}

/** How many variants of one report alone are named. */
const NAMED = 100;

/** What the other report does not have: it may not have been there, or nobody has asked for it. */
function Lone({
  what,
  variants,
}: {
  readonly what: string;
  readonly variants: readonly Difference[];
}): JSX.Element | null {
  if (variants.length === 0) return null;
  const names = variants.slice(0, NAMED).map(({ model, variant }) => `${shown(model, 60)} ${shown(variant, 60)}`);
  const more = variants.length > NAMED ? `, and ${count(variants.length - NAMED)} more` : '';
  return (
    <p>
      {what} {plural(variants.length, 'variant')}: {names.join(', ')}
      {more}.
    </p>
  );
}

function Side({ side }: { readonly side: Said | number | undefined }): JSX.Element {
  if (side === undefined) return <td class="none">–</td>;
  if (typeof side === 'number') return <td class="figure">{count(side)}</td>;
  return (
    <td>
      <Badge verdict={side} />
      {side.steps !== undefined && <span class="steps"> {plural(side.steps, 'step')}</span>}
    </td>
  );
}
