import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { StepView } from './graph-view.ts';
import { usePage } from './page.tsx';
import { effectText, nameOf, shown, triggerText } from './phrases.ts';
import type { Selected } from './selected.ts';
import { fork } from './walk.ts';

/** Everything that can happen where the reader is: what the run does, and what else could have happened. */
export function Ahead({ selected }: { readonly selected: Selected }): JSX.Element {
  const { graph, walk, at, forkedAt } = selected;
  const state = walk.states[at]!;
  const steps = graph.steps(state);
  const taken = walk.path[at];
  const isOver = walk.steps[at - 1]?.unhandled !== undefined;
  return (
    <section class="ahead" aria-labelledby="ahead-title">
      <h2 id="ahead-title">{taken === undefined ? 'What can happen next' : 'What else could happen here'}</h2>
      {isOver && <p class="faint">Nothing: the last step has no successor.</p>}
      {steps === undefined && <Beyond selected={selected} state={state} />}
      {steps?.length === 0 && !isOver && <p class="faint">Nothing: no step is enabled here.</p>}
      {steps !== undefined && steps.length > 0 && (
        <ol>
          {steps.map((step, i) => (
            <Choice
              selected={selected}
              step={step}
              number={i}
              isTaken={i === taken}
              isForked={forkedAt !== undefined}
            />
          ))}
        </ol>
      )}
      {graph.leftOut(state) > 0 && <p class="faint">And {graph.leftOut(state)} more, which the report leaves out.</p>}
    </section>
  );
}

interface ChoiceProps {
  readonly selected: Selected;
  readonly step: StepView;
  readonly number: number;
  readonly isTaken: boolean;
  readonly isForked: boolean;
}

function Choice({ selected, step, number, isTaken, isForked }: ChoiceProps): JSX.Element {
  const { go } = usePage();
  const { graph, walk, at } = selected;
  const take = (): void => (isTaken ? go({ at: at + 1 }) : go({ path: fork(walk, at, number), at: at + 1 }));
  const broken = brokenBy(selected, step);
  return (
    <li>
      <button
        type="button"
        class={isTaken ? 'taken' : ''}
        onClick={take}
        aria-keyshortcuts={number < 9 ? `${number + 1}` : undefined}
      >
        {number < 9 && <kbd>{number + 1}</kbd>}
        <span class="what">
          <strong>{nameOf(graph.actors[step.slot]!)}</strong> <code>{triggerText(step, 80)}</code>
          {step.outcomes.length > 0 && <span class="faint"> {step.outcomes.join(', ')}</span>}
          {step.environment && <span class="faint"> (environment)</span>}
          {isTaken && <span class="note"> {isForked ? 'your way' : 'the run'}</span>}
        </span>
        <span class={`effect ${step.unhandled ? 'bad' : 'faint'}`}>{effectText(graph, walk.states[at]!, step)}</span>
        {broken.length > 0 && <span class="bad">✗ {broken.map((name) => shown(name, 40)).join(', ')}</span>}
      </button>
    </li>
  );
}

/** What would be false after this step and is not so now. */
function brokenBy({ graph, walk, at }: Selected, step: StepView): string[] {
  const now = graph.lights(walk.states[at]!);
  const then = step.unhandled === undefined ? graph.lights(step.to) : now;
  return graph.lamps.flatMap(({ name, of }, i) => {
    if (of === 'sometimes') return [];
    const isFalse = (then[i] === 'F' && now[i] !== 'F') || step.lights[i] === 'F';
    return isFalse ? [name] : [];
  });
}

/** Where the report ends: what goes on from here. */
function Beyond({ selected, state }: { readonly selected: Selected; readonly state: number }): JSX.Element {
  const { beyond, variant } = selected;
  useEffect(() => beyond?.ask(variant, state), [variant, state]);
  if (beyond !== undefined) {
    const failed = beyond.failed(variant, state);
    return failed === '' ? <p class="faint">Asking…</p> : <p class="bad">✗ {shown(failed, 1_000)}</p>;
  }
  return (
    <p>
      The part of the state graph that this report carries ends here. To go on from anywhere:{' '}
      <code>holdfast serve {shown(variant.args.join(' '), 500)}</code>
    </p>
  );
}
