import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MachineData } from '../report/html/page-data.ts';
import { plural } from '../report/text.ts';
import { Choose, Doc, Place, Wide } from './bits.tsx';
import { Chart, litBy, type Taken } from './chart.tsx';
import { usePage } from './page.tsx';
import { nameOf, shown, stateText } from './phrases.ts';
import type { Selected } from './selected.ts';

/** The machine of an actor: where it is at the step that is looked at, and which of its transitions no step ever takes. */
export function Machines(): JSX.Element {
  const { selected } = usePage();
  if (selected === undefined) return <p>There are no machines: no model could be checked.</p>;
  return <MachinesOf selected={selected} />;
}

function MachinesOf({ selected }: { readonly selected: Selected }): JSX.Element {
  const { data, route, go, link } = usePage();
  const { graph, variant, walk, at } = selected;
  const slot = slotOf(selected, route.actor);
  const actor = graph.actors[slot]!;
  const machine = data.machines[actor.machine]!;
  const tried = variant.tried[actor.actor];
  const state = walk.states[at]!;
  const view = graph.view(state, slot);
  const step = walk.steps[at - 1];
  const now = useMemo(
    () => new Set(step?.moves.filter((move) => move.slot === slot).map(({ transition }) => transition)),
    [step, slot],
  );
  const lit = useMemo(() => new Set(litBy(view.value)), [view]);
  const isComplete = variant.limit === undefined;
  const taken = (transition: number): Taken => {
    if (now.has(transition)) return 'now';
    if (tried === undefined) return 'unknown';
    return tried[transition]![0] > 0 ? 'taken' : isComplete ? 'never' : 'unknown';
  };
  return (
    <>
      <h1>Machine of {nameOf(actor)}</h1>
      <div class="filters">
        <Choose
          label="actor"
          value={String(slot)}
          options={graph.actors.map((each, i) => ({ value: String(i), text: optionText(selected, i, nameOf(each)) }))}
          onChoose={(value) => {
            const chosen = graph.actors[Number(value)]!;
            go({ actor: `${chosen.actor}.${chosen.self}` });
          }}
        />
        <p>
          At <a href={link({ screen: 'run' })}>step {at}</a> it is in <strong>{stateText(view)}</strong>.
        </p>
        <StepButtons selected={selected} />
      </div>
      <NeverTaken selected={selected} slot={slot} machine={machine} />
      <Wide label="Statechart">
        <Chart name={machine.name} chart={machine.chart} lit={lit} taken={taken} />
      </Wide>
      <p class="legend">
        <span class="key lit">state at step {at}</span>
        <span class="key now">taken in step {at}</span>
        <span class="key taken">taken somewhere</span>
        <span class="key never">never taken</span>
      </p>
      <Doc text={machine.doc} />
      <Place at={machine.at} />
      <Transitions machine={machine} tried={tried} taken={taken} />
    </>
  );
}

/** The actor that is named, or else the one that has just moved, or the first. */
function slotOf({ graph, walk, at }: Selected, name: string | undefined): number {
  const found = graph.actors.findIndex(({ actor, self }) => `${actor}.${self}` === name);
  return found >= 0 ? found : (walk.steps[at - 1]?.slot ?? 0);
}

function optionText({ variant, graph }: Selected, slot: number, name: string): string {
  const tried = variant.tried[graph.actors[slot]!.actor];
  const never = tried?.filter(([locals]) => locals === 0).length ?? 0;
  return never === 0 ? name : `${name} (${never} never taken)`;
}

function StepButtons({ selected }: { readonly selected: Selected }): JSX.Element {
  const { go } = usePage();
  const { at, walk } = selected;
  return (
    <fieldset class="choice">
      <legend class="unseen">Steps</legend>
      <button type="button" onClick={() => go({ at: at - 1 })} disabled={at === 0}>
        ◀ back
      </button>
      <button type="button" onClick={() => go({ at: at + 1 })} disabled={at === walk.steps.length}>
        next ▶
      </button>
    </fieldset>
  );
}

interface NeverProps {
  readonly selected: Selected;
  readonly slot: number;
  readonly machine: MachineData;
}

/** First of all: a hole in the model, or in the world that it is put into. What no variant takes stands before the others. */
function NeverTaken({ selected, slot, machine }: NeverProps): JSX.Element {
  const { model, variant, graph } = selected;
  const { actor } = graph.actors[slot]!;
  const tried = variant.tried[actor];
  if (tried === undefined) return <p class="faint">What was taken is not known.</p>;
  const elsewhere = (transition: number): boolean =>
    model.variants.some((each) => (each.tried[actor]?.[transition]?.[0] ?? 0) > 0);
  const never = machine.transitions
    .map((each, transition) => ({ ...each, transition, isElsewhere: elsewhere(transition) }))
    .filter(({ transition }) => tried[transition]![0] === 0)
    .sort((a, b) => Number(a.isElsewhere) - Number(b.isElsewhere));
  if (never.length === 0) return <p class="good">✓ Every transition is taken by some step.</p>;
  const said = variant.limit === undefined ? 'never taken by any step' : 'not taken so far: the search was stopped';
  return (
    <section class="never" aria-labelledby="never-title">
      <h2 id="never-title">
        {plural(never.length, 'transition')} {said}
      </h2>
      <ul>
        {never.map(({ text, line, step, isElsewhere }) => (
          <li class={isElsewhere ? 'faint' : ''}>
            {shown(text, 120)} {step !== undefined && <span class="id">{shown(step, 20)}</span>}{' '}
            {line !== undefined && <Place at={machine.at && { ...machine.at, line }} />}
            {model.variants.length > 1 &&
              (isElsewhere ? ' (other variants take it)' : ' (in no variant of this report)')}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface TransitionsProps {
  readonly machine: MachineData;
  readonly tried: readonly (readonly [locals: number, messages: number])[] | undefined;
  readonly taken: (transition: number) => Taken;
}

const WORDS: Readonly<Record<Taken, string>> = {
  now: 'taken in this step',
  taken: 'taken',
  never: 'never taken',
  unknown: 'not known',
};

function Transitions({ machine, tried, taken }: TransitionsProps): JSX.Element {
  return (
    <Wide label="Transitions">
      <table>
        <caption>Transitions, as they are written</caption>
        <thead>
          <tr>
            <th scope="col">transition</th>
            <th scope="col">step</th>
            <th scope="col">taken</th>
            <th scope="col">in local states</th>
            <th scope="col">on messages</th>
            <th scope="col">line</th>
          </tr>
        </thead>
        <tbody>
          {machine.transitions.map(({ text, line, step }, i) => (
            <tr class={`on ${taken(i)}`}>
              <th scope="row">{shown(text, 120)}</th>
              <td>{step === undefined ? '' : <span class="id">{shown(step, 20)}</span>}</td>
              <td>{WORDS[taken(i)]}</td>
              <td class="figure">{tried?.[i]?.[0] ?? ''}</td>
              <td class="figure">{tried?.[i]?.[1] ?? ''}</td>
              <td>{line === undefined ? '' : <Place at={machine.at && { ...machine.at, line }} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
