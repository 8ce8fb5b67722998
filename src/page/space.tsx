import type { JSX } from 'preact';
import type { SearchFigures } from '../explore/figures.ts';
import { count, duration, plural } from '../report/text.ts';
import { Choose, Wide } from './bits.tsx';
import { usePage } from './page.tsx';
import { shown } from './phrases.ts';
import { inRoute, modelName } from './route.ts';
import type { Selected } from './selected.ts';
import { limitText, STANDINGS } from './verdicts.ts';

/** How large the state space is, where it is wide, and who makes it so. */
export function Space(): JSX.Element {
  const { selected } = usePage();
  if (selected === undefined) return <p>There is no state space: no model could be checked.</p>;
  return <SpaceOf selected={selected} />;
}

function SpaceOf({ selected }: { readonly selected: Selected }): JSX.Element {
  const { variant } = selected;
  const { stats, limit, approximate, figures, option, about, standing, surprises } = variant;
  const { sign, tone, text } = STANDINGS[standing];
  return (
    <>
      <h1>State space of {shown(variant.name, 80)}</h1>
      <p>{shown(about, 1_000)}</p>
      <p>
        <span class={`badge ${tone}`}>
          <span aria-hidden="true">{sign}</span> {text}
        </span>{' '}
        {surprises.map((surprise) => (
          <span class="bad">{shown(surprise)} </span>
        ))}
      </p>
      {limit !== undefined && <p class="doubt">? {limitText(limit)}</p>}
      {approximate !== undefined && (
        <p class="doubt">
          ? States were told by fingerprints: one may have been missed, with a chance of at most{' '}
          {approximate.chance.toExponential(1)}. What was found is found; nothing is said to hold.
        </p>
      )}
      <Wide label="Figures">
        <table>
          <caption>Figures</caption>
          <tbody>
            <Figure name="states" value={count(stats.states)} />
            <Figure name="transitions" value={count(stats.transitions)} />
            <Figure name="depth" value={plural(stats.depth, 'step')} />
            <Figure name="deadlocks" value={count(stats.deadlocks)} />
            <Figure name="unhandled" value={count(stats.unhandled)} />
            <Figure name="transitions asked of XState" value={count(stats.asked)} />
            <Figure name="time" value={duration(stats.milliseconds)} />
          </tbody>
        </table>
      </Wide>
      {figures !== undefined && figures.levels.length > 0 && (
        <Levels levels={figures.levels} isCut={limit !== undefined} />
      )}
      {figures !== undefined && <Grew figures={figures} />}
      {Object.keys(option).length > 0 && (
        <Wide label="Options">
          <table>
            <caption>Options</caption>
            <tbody>
              {Object.entries(option).map(([name, value]) => (
                <Figure name={shown(name, 60)} value={shown(String(value), 60)} />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </>
  );
}

const Figure = ({ name, value }: { readonly name: string; readonly value: string }): JSX.Element => (
  <tr>
    <th scope="row">{name}</th>
    <td class="figure">{value}</td>
  </tr>
);

const HEIGHT = 160;

/** A bar for each depth: how many states were found there first. */
function Levels({ levels, isCut }: { readonly levels: readonly number[]; readonly isCut: boolean }): JSX.Element {
  const most = Math.max(...levels);
  const at = levels.indexOf(most);
  const each = Math.max(3, Math.min(24, Math.floor(880 / levels.length)));
  const width = levels.length * each;
  return (
    <section class="levels" aria-labelledby="levels-title">
      <h2 id="levels-title">States by depth</h2>
      <p class="faint">
        Most at depth {at}: {count(most)}.{' '}
        {isCut ? 'The search was stopped: the last bars are not all there is.' : 'It ends where no new state is found.'}
      </p>
      <Wide label="States by depth">
        <svg width={width + 70} height={HEIGHT + 24} role="img" aria-label={`States by depth, at most ${count(most)}`}>
          <g transform="translate(66 4)">
            <text class="faint" x="-6" y="10" text-anchor="end">
              {count(most)}
            </text>
            <line class="rule" x1="0" y1={HEIGHT} x2={width} y2={HEIGHT} />
            {levels.map((n, depth) => {
              const height = Math.max(1, (n / most) * HEIGHT);
              return (
                <rect class="bar" x={depth * each} y={HEIGHT - height} width={each - 1} height={height}>
                  <title>
                    depth {depth}: {count(n)}
                  </title>
                </rect>
              );
            })}
            {levels.map((_, depth) =>
              depth % 10 === 0 ? (
                <text class="faint" x={depth * each + each / 2} y={HEIGHT + 16} text-anchor="middle">
                  {depth}
                </text>
              ) : null,
            )}
          </g>
        </svg>
      </Wide>
      <details>
        <summary>as a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">depth</th>
              <th scope="col">states</th>
            </tr>
          </thead>
          <tbody>
            {levels.map((n, depth) => (
              <tr>
                <th scope="row">{depth}</th>
                <td class="figure">{count(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/** Where the states come from. */
function Grew({ figures }: { readonly figures: SearchFigures }): JSX.Element {
  const { slots } = figures;
  const most = Math.max(1, ...slots.map(({ distinct }) => distinct));
  return (
    <Wide label="What grew">
      <table class="grew">
        <caption>What grew: distinct local states of machines, and contents of mailboxes</caption>
        <thead>
          <tr>
            <th scope="col">of</th>
            <th scope="col">distinct</th>
            <th scope="col">new in the last level</th>
            <th scope="col">
              <span class="unseen">as a bar</span>
            </th>
            <th scope="col">what makes them many</th>
          </tr>
        </thead>
        <tbody>
          {slots.map((slot) => (
            <tr>
              <th scope="row">{shown(slot.slot, 60)}</th>
              <td class="figure">{count(slot.distinct)}</td>
              <td class="figure">{count(slot.recent)}</td>
              <td>
                <svg width="120" height="10" aria-hidden="true">
                  <rect class="bar" width={(slot.distinct / most) * 120} height="10" />
                </svg>
              </td>
              <td>{makersOf(slot)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** How many fields of a context are named. */
const NAMED = 5;

function makersOf({ values, fields = [] }: SearchFigures['slots'][number]): string {
  const many = fields.filter((field) => field.values > 1).slice(0, NAMED);
  const parts = [
    ...(values === undefined ? [] : [plural(values, 'state')]),
    ...many.map((field) => `${shown(field.field, 40)}: ${count(field.values)}`),
  ];
  return parts.join(', ');
}

/** Which variant the screens look at. */
export function VariantChoice({ selected }: { readonly selected: Selected }): JSX.Element {
  const { data, go } = usePage();
  const { model, variant } = selected;
  return (
    <>
      <Choose
        label="model"
        value={String(data.models.indexOf(model))}
        options={data.models.map(({ name }, i) => ({ value: String(i), text: shown(name, 60) }))}
        onChoose={(value) => go({ model: inRoute(modelName(data.models, data.models[Number(value)]!)) })}
      />
      <Choose
        label="variant"
        value={String(model.variants.indexOf(variant))}
        options={model.variants.map(({ name }, i) => ({ value: String(i), text: shown(name, 60) }))}
        onChoose={(value) => go({ variant: inRoute(model.variants[Number(value)]!.name) })}
      />
    </>
  );
}
