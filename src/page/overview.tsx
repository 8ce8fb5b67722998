import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BaselineData, ErrorData, ModelData, VariantData } from '../report/html/page-data.ts';
import { count, plural } from '../report/text.ts';
import { Name, Wide } from './bits.tsx';
import { usePage } from './page.tsx';
import { shown } from './phrases.ts';
import { inRoute, modelName } from './route.ts';
import { lookOf, STANDINGS, verdictSentence } from './verdicts.ts';

/** Every model with its variants and properties: what was found out, and what of it is not as expected. */
export function Overview(): JSX.Element {
  const { data } = usePage();
  const [filter, setFilter] = useState('');
  const [onlyNews, setOnlyNews] = useState(false);
  const wanted = filter.toLowerCase();
  const models = data.models
    .map((model) => ({ ...model, variants: onlyNews ? model.variants.filter(isNews) : model.variants }))
    .filter(({ name, variants }) => variants.length > 0 && name.toLowerCase().includes(wanted));
  return (
    <>
      <h1>Overview</h1>
      <Banner />
      {data.errors.map((error) => (
        <ErrorBox error={error} />
      ))}
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Models with <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        </label>
        <label>
          <input type="checkbox" checked={onlyNews} onChange={(event) => setOnlyNews(event.currentTarget.checked)} />{' '}
          only what is not as expected
        </label>
      </form>
      {models.length === 0 && <p class="faint">No model is like that.</p>}
      {models.length > FEW && <Index models={models} />}
      {models.map((model, i) => (
        <Matrix model={model} id={`model-${i}`} key={model.file} />
      ))}
      <Legend />
    </>
  );
}

/** Where there are more models than these, there is a list of them to go by. */
const FEW = 4;

function Index({ models }: { readonly models: readonly ModelData[] }): JSX.Element {
  const goTo = (i: number): void => document.getElementById(`model-${i}`)?.scrollIntoView();
  return (
    <ul class="index" aria-label="Models">
      {models.map(({ name, variants }, i) => {
        const { sign, tone } = STANDINGS[variants.find(isNews)?.standing ?? 'expected'];
        return (
          <li>
            <button type="button" onClick={() => goTo(i)}>
              <span class={tone} aria-hidden="true">
                {sign}
              </span>{' '}
              <Name name={name} most={60} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const isNews = ({ standing }: VariantData): boolean => standing !== 'expected';

function Banner(): JSX.Element {
  const { data } = usePage();
  const variants = data.models.flatMap((model) => model.variants);
  const counts = (['expected', 'surprising', 'unknown'] as const)
    .map((standing) => ({ ...STANDINGS[standing], n: variants.filter((each) => each.standing === standing).length }))
    .filter(({ n }) => n > 0);
  const states = variants.reduce((sum, { stats }) => sum + stats.states, 0);
  const tone = data.exit === 0 ? 'good' : data.exit === 3 ? 'doubt' : 'bad';
  return (
    <section class={`banner ${tone}`} aria-label="Summary">
      <p class="headline">
        {plural(data.models.length, 'model')}, {plural(variants.length, 'variant')}:{' '}
        {counts.map(({ n, text }) => `${n} ${text}`).join(', ') || 'none checked'}
        {data.errors.length > 0 && `, ${data.errors.length} in error`}
        {data.unchecked > 0 && `, ${data.unchecked} not checked (--bail)`}
      </p>
      <p class="faint">
        {count(states)} states, exit code {data.exit}, Holdfast {shown(data.holdfast, 40)}:{' '}
        <code>holdfast {shown(data.args.join(' '))}</code>
      </p>
      {data.baseline !== undefined && <Since baseline={data.baseline} />}
    </section>
  );
}

/** How much differs from the earlier report. */
function Since({ baseline }: { readonly baseline: BaselineData }): JSX.Element {
  const { link } = usePage();
  const lone = baseline.differences.filter(({ what }) => what === '').length;
  const common = baseline.differences.length - lone;
  return (
    <p>
      <a href={link({ screen: 'compare' })}>{common === 0 ? 'No difference' : plural(common, 'difference')}</a> from{' '}
      <code>{shown(baseline.name)}</code>
      {lone > 0 && `, and ${plural(lone, 'variant')} that one of the two does not have`}
    </p>
  );
}

function ErrorBox({ error }: { readonly error: ErrorData }): JSX.Element {
  const [first = '', ...rest] = error.message.slice(0, 20_000).split('\n');
  return (
    <section class="banner bad" aria-label={`Error in ${shown(error.label, 100)}`}>
      <p class="headline">
        ! <Name name={error.label} most={100} />: {shown(first)}
      </p>
      {rest.length > 0 && <pre>{rest.map((line) => shown(line, 1_000)).join('\n')}</pre>}
      {error.fault === 'ours' && <p>A fault of Holdfast itself, not of the model: please report it.</p>}
    </section>
  );
}

/** Properties down, variants across. */
function Matrix({ model, id }: { readonly model: ModelData; readonly id: string }): JSX.Element {
  const { link } = usePage();
  const names = [...new Set(model.variants.flatMap(({ verdicts }) => verdicts.map(({ property }) => property)))];
  return (
    <section class="matrix" id={id}>
      <h2>
        <Name name={model.name} most={100} />
      </h2>
      <p>{shown(model.about, 1_000)}</p>
      <News variants={model.variants.filter(({ surprises }) => surprises.length > 0)} />
      <Wide label={`Verdicts of ${shown(model.name, 100)}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">property</th>
              {model.variants.map((variant) => (
                <VariantHead model={model} variant={variant} />
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr>
                <th scope="row">
                  <a href={link({ screen: 'promises', property: inRoute(name) })}>
                    <Name name={name} most={80} />
                  </a>
                </th>
                {model.variants.map((variant) => (
                  <Cell model={model} variant={variant} name={name} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

/** What is not as expected, in sentences: verdicts stand in the table too, figures do not. */
function News({ variants }: { readonly variants: readonly VariantData[] }): JSX.Element | null {
  if (variants.length === 0) return null;
  return (
    <ul>
      {variants.map(({ name, surprises }) => (
        <li>
          <Name name={name} most={80} />: <span class="bad">{shown(surprises.join('; '), 1_000)}</span>
        </li>
      ))}
    </ul>
  );
}

interface Column {
  readonly model: ModelData;
  readonly variant: VariantData;
}

function VariantHead({ model, variant }: Column): JSX.Element {
  const { data, link } = usePage();
  const { sign, tone, text } = STANDINGS[variant.standing];
  const { states, depth } = variant.stats;
  return (
    <th scope="col">
      <a
        href={link({ screen: 'space', model: inRoute(modelName(data.models, model)), variant: inRoute(variant.name) })}
        title={shown(variant.about)}
      >
        <Name name={variant.name} />
      </a>
      <span class={`standing ${tone}`}>
        <span aria-hidden="true">{sign}</span> {text}
      </span>
      <span class="faint">
        {plural(states, 'state')}
        <br />
        depth {depth}
      </span>
    </th>
  );
}

function Cell({ model, variant, name }: Column & { readonly name: string }): JSX.Element {
  const { data, link } = usePage();
  const verdict = variant.verdicts.find(({ property }) => property === name);
  if (verdict === undefined) return <td class="none">–</td>;
  const { tone, sign, word, isNews: isSurprise } = lookOf(verdict);
  const text = (
    <>
      <span aria-hidden="true">{sign} </span>
      {word}
      {verdict.steps !== undefined && <span class="steps"> {verdict.steps}</span>}
      {isSurprise && <span class="news"> not {verdict.expected}</span>}
    </>
  );
  const to = {
    screen: 'run',
    model: inRoute(modelName(data.models, model)),
    variant: inRoute(variant.name),
    property: inRoute(name),
  } as const;
  return (
    <td class={`verdict ${tone}${isSurprise ? ' surprise' : ''}`} title={verdictSentence(verdict)}>
      {verdict.run === undefined ? text : <a href={link(to)}>{text}</a>}
    </td>
  );
}

function Legend(): JSX.Element {
  return (
    <p class="legend">
      <span class="key verdict good">✓ holds, or reached after so many steps</span>
      <span class="key verdict known">✗ violated, as the variant says</span>
      <span class="key verdict bad surprise">✗ not as expected</span>
      <span class="key verdict doubt">? unknown: a bound stopped the search</span>
      <span class="key verdict known">∅ unreached, ○ vacuous</span>
    </p>
  );
}
