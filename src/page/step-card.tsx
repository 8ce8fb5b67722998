import type { JSX } from 'preact';
import type { StepView } from './graph-view.ts';
import { usePage } from './page.tsx';
import { CAUSES, changeLines, messageOf, nameOf, sentText, shown, triggerText } from './phrases.ts';
import type { Selected } from './selected.ts';

/** The step that led to where the reader is: who, why, what it changed, what it sent, and where that is written. */
export function StepCard({ selected }: { readonly selected: Selected }): JSX.Element {
  const { walk, at } = selected;
  const step = walk.steps[at - 1];
  if (step === undefined) {
    return (
      <section class="card" aria-label="Step 0">
        <h2>Before the first step</h2>
        <p class="faint">The state from which everything starts.</p>
      </section>
    );
  }
  return (
    <section class="card" aria-label={`Step ${at}`}>
      <h2>
        <span class="number">{at}</span> {nameOf(selected.graph.actors[step.slot]!)}{' '}
        <span class="faint">{CAUSES[step.cause]}</span>
      </h2>
      <p class="message">
        <code>{triggerText(step)}</code>
      </p>
      <Notes selected={selected} step={step} />
      <Changed selected={selected} step={step} />
      <SentList selected={selected} step={step} />
      <Written selected={selected} step={step} />
    </section>
  );
}

interface Props {
  readonly selected: Selected;
  readonly step: StepView;
}

function Notes({ selected, step }: Props): JSX.Element {
  const { actors } = selected.graph;
  const { unhandled } = step;
  return (
    <>
      {step.from !== undefined && <p class="faint">from {nameOf(actors[step.from]!)}</p>}
      {step.outcomes.includes('stays') && <p class="faint">The message stays in the mailbox.</p>}
      {step.environment && <p class="faint">A step of the environment: it need never happen.</p>}
      {unhandled !== undefined && (
        <p class="bad">
          ✗ unhandled: {nameOf(actors[unhandled.who]!)}{' '}
          {unhandled.why === 'not taken' ? 'does not take' : 'has no room for'} {messageOf(unhandled.message)}
        </p>
      )}
    </>
  );
}

/** The actor that takes the step comes first. */
function Changed({ selected, step }: Props): JSX.Element {
  const { graph, walk, at } = selected;
  const from = walk.states[at - 1]!;
  const slots = graph.changed(from, step.to).sort((a, b) => Number(b === step.slot) - Number(a === step.slot));
  if (slots.length === 0) return <p class="faint">It changes nothing.</p>;
  return (
    <table class="changed">
      <caption class="unseen">What changed</caption>
      <tbody>
        {slots.map((slot) => (
          <tr>
            <th scope="row">{nameOf(graph.actors[slot]!)}</th>
            <td>
              {changeLines(graph.view(from, slot), graph.view(step.to, slot)).map((line) => (
                <ChangeLine line={line} />
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `before -> after`, told apart by colour too. */
export function ChangeLine({ line }: { readonly line: string }): JSX.Element {
  const at = line.lastIndexOf(' -> ');
  if (at === -1) return <div>{line}</div>;
  return (
    <div>
      <span class="was">{line.slice(0, at)}</span> → <span class="is">{line.slice(at + 4)}</span>
    </div>
  );
}

function SentList({ selected, step }: Props): JSX.Element | null {
  const { actors } = selected.graph;
  if (step.sent.length === 0) return null;
  return (
    <ul class="sent" aria-label="What was sent">
      {step.sent.map((sent) => (
        <li>
          {sent.from !== step.slot && <span class="faint">{nameOf(actors[sent.from]!)}: </span>}
          <code>{messageOf(sent.message)}</code> → {nameOf(actors[sent.to]!)}{' '}
          <span class={sent.outcome === 'lost' || sent.outcome === 'dropped' ? 'bad' : 'faint'}>
            ({sentText(sent)})
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The transitions that were taken, with their lines where they are known. */
function Written({ selected, step }: Props): JSX.Element | null {
  const { data, link } = usePage();
  const { actors } = selected.graph;
  if (step.moves.length === 0) return null;
  return (
    <ul class="written" aria-label="Where it is written">
      {step.moves.map(({ slot, transition }) => {
        const machine = data.machines[actors[slot]!.machine]!;
        const { text, line, step: id } = machine.transitions[transition]!;
        const actor = actors[slot]!;
        return (
          <li>
            <a href={link({ screen: 'machines', actor: `${actor.actor}.${actor.self}` })}>{nameOf(actor)}</a>{' '}
            {shown(text, 80)}
            {id !== undefined && <span class="id">{shown(id, 20)}</span>}
            {machine.at !== undefined && line !== undefined && (
              <code class="place">
                {shown(machine.at.file)}:{line}
              </code>
            )}
          </li>
        );
      })}
    </ul>
  );
}
