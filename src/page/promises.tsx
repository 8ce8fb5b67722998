import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ModelData, PropertyData } from '../report/html/page-data.ts';
import { plural } from '../report/text.ts';
import { Badge, Doc, Name, Place, Wide } from './bits.tsx';
import { usePage } from './page.tsx';
import { shown } from './phrases.ts';
import { inRoute, modelName } from './route.ts';

interface Promised {
  readonly property: PropertyData;
  readonly models: readonly ModelData[];
}

/** Every property once: what is claimed, why, what keeps it from being empty, and what became of it in each variant. */
export function Promises(): JSX.Element {
  const { data, route } = usePage();
  const [filter, setFilter] = useState('');
  const promises = promisesOf(data.models);
  const wanted = filter.toLowerCase();
  const shownOnes = promises.filter(({ property }) => property.name.toLowerCase().includes(wanted));
  const claims = shownOnes.filter(({ property }) => property.of !== 'sometimes');
  const witnesses = shownOnes.filter(({ property }) => property.of === 'sometimes');
  useEffect(() => {
    document.getElementById('asked')?.scrollIntoView();
  }, [route.property]);
  const asked = promises.findIndex(({ property }) => inRoute(property.name) === route.property);
  const of = (each: Promised): JSX.Element => <PromiseOf promised={each} isAsked={promises[asked] === each} />;
  return (
    <>
      <h1>Promises</h1>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Promises with <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        </label>
        <span class="faint">
          {plural(claims.length, 'claim')}, {witnesses.length} witnesses
        </span>
      </form>
      {claims.map(of)}
      {witnesses.length > 0 && <h2>Witnesses</h2>}
      {witnesses.map(of)}
    </>
  );
}

/** A property that two models claim in the same words is one promise. */
function promisesOf(models: readonly ModelData[]): Promised[] {
  const all = models.flatMap((model) => model.properties.map((property) => ({ model, property })));
  const groups = Map.groupBy(all, ({ property }) => property.name);
  return [...groups.values()].map((members) => ({
    property: members[0]!.property,
    models: members.map(({ model }) => model),
  }));
}

const KINDS = {
  always: 'holds in every state',
  sometimes: 'some state satisfies it',
  step: 'holds of every step',
  precedes: 'an order that is kept',
  deadlock: 'no deadlock',
  unhandled: 'every message is taken',
} as const;

function PromiseOf({ promised, isAsked }: { readonly promised: Promised; readonly isAsked: boolean }): JSX.Element {
  const { property, models } = promised;
  const { name, of, about, witness, at, doc, code } = property;
  return (
    <article class="promise" {...(isAsked && { id: 'asked' })}>
      <h3>
        <Name name={name} most={120} />
      </h3>
      <p class="faint">
        {KINDS[of]}
        {witness !== undefined && (
          <>
            ; witness: <Name name={witness} most={120} />
          </>
        )}{' '}
        <Place at={at} />
      </p>
      {about !== undefined && <p>{shown(about, 1_000)}</p>}
      <Doc text={doc} />
      {code !== undefined && (
        <details>
          <summary>as it is written</summary>
          <pre>
            {code
              .split('\n')
              .map((line) => shown(line, 500))
              .join('\n')}
          </pre>
        </details>
      )}
      {models.map((model) => (
        <Verdicts model={model} name={name} />
      ))}
    </article>
  );
}

function Verdicts({ model, name }: { readonly model: ModelData; readonly name: string }): JSX.Element {
  const { data, link } = usePage();
  return (
    <Wide label={`Verdicts in ${shown(model.name, 80)}`}>
      <table>
        <caption>{shown(model.name, 80)}</caption>
        <tbody>
          {model.variants.flatMap((variant) => {
            const verdict = variant.verdicts.find(({ property }) => property === name);
            if (verdict === undefined) return [];
            const to = {
              screen: 'run',
              model: inRoute(modelName(data.models, model)),
              variant: inRoute(variant.name),
              property: inRoute(name),
            } as const;
            return [
              <tr>
                <th scope="row">{shown(variant.name, 60)}</th>
                <td>
                  <Badge verdict={verdict} />
                </td>
                <td>{verdict.run !== undefined && <a href={link(to)}>{plural(verdict.steps ?? 0, 'step')}</a>}</td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
    </Wide>
  );
}
