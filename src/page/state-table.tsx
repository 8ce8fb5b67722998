import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ActorView } from '../explore/verdict.ts';
import { delayText } from '../report/change.ts';
import { data } from '../report/text.ts';
import { Choose, Wide } from './bits.tsx';
import { changeLines, clip, messageOf, nameOf, shown, stateText } from './phrases.ts';
import type { Selected } from './selected.ts';
import { ChangeLine } from './step-card.tsx';

/** Every actor where the reader is, and what is not as it was at another step. */
export function StateTable({ selected }: { readonly selected: Selected }): JSX.Element {
  const { graph, walk, at } = selected;
  const [since, setSince] = useState('before');
  const [onlyChanged, setOnlyChanged] = useState(true);
  const other = since === 'before' ? Math.max(0, at - 1) : Math.min(Number(since), walk.steps.length);
  const [here, there] = [walk.states[at]!, walk.states[other]!];
  const changed = new Set(graph.changed(there, here));
  const slots = graph.actors.map((_, slot) => slot).filter((slot) => !onlyChanged || changed.has(slot));
  const places = walk.states.map((_, i) => ({ value: String(i), text: i === 0 ? 'the start' : `step ${i}` }));
  return (
    <section class="room" aria-labelledby="state-title">
      <h2 id="state-title">State after step {at}</h2>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Choose
          label="compared with"
          value={since}
          options={[{ value: 'before', text: 'the step before' }, ...places]}
          onChoose={setSince}
        />
        <label>
          <input
            type="checkbox"
            checked={!onlyChanged}
            onChange={(event) => setOnlyChanged(!event.currentTarget.checked)}
          />{' '}
          all {graph.actors.length} actors
        </label>
      </form>
      {slots.length === 0 && <p class="faint">Nothing is different.</p>}
      {slots.length > 0 && (
        <Wide label="The state">
          <table>
            <thead>
              <tr>
                <th scope="col">actor</th>
                <th scope="col">what is different</th>
                <th scope="col">state</th>
                <th scope="col">data</th>
                <th scope="col">mail</th>
              </tr>
            </thead>
            <tbody>
              {slots.map((slot) => {
                const view = graph.view(here, slot);
                return (
                  <tr class={changed.has(slot) ? 'differs' : ''}>
                    <th scope="row">{nameOf(graph.actors[slot]!)}</th>
                    <td>
                      {changeLines(graph.view(there, slot), view).map((line) => (
                        <ChangeLine line={line} />
                      ))}
                    </td>
                    <td>
                      {stateText(view)}
                      {view.done && <span class="faint"> (final)</span>}
                      <Tags view={view} />
                    </td>
                    <td>
                      <code>{hasFields(view.context) ? clip(data(view.context), 600) : ''}</code>
                      {view.armed.length > 0 && <div class="faint">armed: {view.armed.map(delayText).join(', ')}</div>}
                    </td>
                    <td>{view.mailbox.map((message) => messageOf(message, 80)).join(', ')}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Tags({ view }: { readonly view: ActorView }): JSX.Element | null {
  if (view.tags.length === 0) return null;
  return (
    <div class="tags">
      {view.tags.map((tag) => (
        <span class="tag">{shown(tag, 60)}</span>
      ))}
    </div>
  );
}

const hasFields = (context: unknown): boolean =>
  typeof context === 'object' && context !== null && Object.keys(context).length > 0;
