import { encode } from './encode.ts';
import type { Found, Judge } from './judge.ts';
import { mailCode } from './mailbox.ts';
import type { Occurrence, Property, Taken } from './property.ts';
import { type PlainState, plainCodes, type Replayed, ReplayFault, replay, roomOver } from './replay.ts';
import { type LearnedStep, writeInto } from './steps.ts';
import type { StateId, States } from './store.ts';
import type { System } from './system.ts';
import type { Run, StepLabel } from './verdict.ts';

/**
 * Evidence: finds the steps of a shortest run, takes them again through plain XState, and looks at the property once more
 * on what comes out. Nothing that this does not confirm is ever reported.
 *
 * @throws ReplayFault where the search and plain XState differ
 */
export function confirm(
  system: System,
  judge: Judge,
  { store, id, step, follows = () => true }: Found,
  withRun: boolean,
): { steps: number; run?: Run } {
  const path = store.path(id);
  const labels = labelsOf(system, store, path, follows);
  if (step) labels.push(step.label);
  const replayed = replay(system.composition, labels);
  for (const [i, state] of path.entries()) {
    if (same(replayed.states[i], codesOf(system, store, state))) continue;
    throw new ReplayFault(`"${judge.name}": after ${i} steps plain XState is in another state than the search`);
  }
  const run: Run = step && replayed.run.ends.at === 'state' ? { ...replayed.run, ends: { at: 'step' } } : replayed.run;
  recheck(system, judge, replayed, run);
  return { steps: labels.length, ...(withRun && { run }) };
}

/** The labels of the steps along a path, found by looking again at what each state can do. */
function labelsOf(
  system: System,
  store: States,
  path: readonly StateId[],
  follows: NonNullable<Found['follows']>,
): StepLabel[] {
  const before = new Uint32Array(system.width);
  return path.slice(1).map((next, i) => {
    store.load(path[i]!, before);
    const step = stepTo(system, store, before, next, follows);
    if (!step) throw new ReplayFault('a state has lost the step by which it was found');
    return step.label;
  });
}

function stepTo(
  system: System,
  store: States,
  before: Uint32Array,
  next: StateId,
  follows: NonNullable<Found['follows']>,
): LearnedStep | undefined {
  const [after, wanted] = [new Uint32Array(system.width), new Uint32Array(system.width)];
  store.load(next, wanted);
  for (const { slot } of system.instances) {
    for (const { steps } of system.sources(slot, before[slot]!)) {
      for (const step of steps.at(before)) {
        if (step.writes === null || !follows(step)) continue;
        after.set(before);
        writeInto(system, step.writes, after);
        if (after.every((content, slot) => content === wanted[slot])) return step;
      }
    }
  }
  return undefined;
}

/** The same comparable forms as {@link plainCodes}, of a state of the search. */
function codesOf(system: System, store: States, id: StateId): string[] {
  const vector = new Uint32Array(system.width);
  store.load(id, vector);
  return system.instances.map(({ slot, behaviour, mailbox }) => {
    const { snapshot, armed } = behaviour.locals.value(vector[slot]!);
    const { value, context, status, output } = snapshot;
    const timers = [...armed].map(([name, event]) => [name, system.messages.value(event)]);
    const mail = mailbox ? mailbox.contents.value(vector[mailbox.slot]!) : [];
    return `${encode([value, context, status, output, timers], 'replay')} ${mailCode(mail)}`;
  });
}

const same = (state: PlainState | undefined, codes: readonly string[]): boolean =>
  state !== undefined && plainCodes(state).every((code, i) => code === codes[i]);

/** The property itself, evaluated on plain snapshots: a violation must be one, a witness must be one. */
function recheck({ composition }: System, judge: Judge, { states, taken }: Replayed, run: Run): void {
  const properties = composition.properties as readonly Property<unknown>[];
  const property = properties
    .flatMap((each) => ('witness' in each && each.witness ? [each, each.witness] : [each]))
    .find(({ name }) => name === judge.name);
  const rooms = states.map((state) => roomOver(composition, state));
  const agrees = (): boolean => {
    switch (property?.kind) {
      case 'sometimes':
        return property.holds(rooms.at(-1));
      case 'always':
        return !property.holds(rooms.at(-1)) && (property.when?.(rooms.at(-1)) ?? true);
      case 'step': {
        const change = { before: rooms.at(-2), after: rooms.at(-1), taken: taken.at(-1)! };
        return !property.holds(change) && (property.when?.(change) ?? true);
      }
      case 'precedes': {
        // a step counts its messages before the state that it leads to
        const until = typeof property.then === 'function' ? rooms : rooms.slice(0, -1);
        const first =
          until.some((room) => isIn(room, property.first)) || taken.some((step) => isAmong(step, property.first));
        return !first && (isIn(rooms.at(-1), property.then) || isAmong(taken.at(-1) ?? [], property.then));
      }
      case undefined:
        return judge.of !== 'unhandled' || run.ends.at === 'unhandled';
    }
  };
  if (!agrees()) throw new ReplayFault(`"${judge.name}": on plain XState it is not as the search says`);
}

const isIn = (room: unknown, occurrence: Occurrence<unknown>): boolean =>
  typeof occurrence === 'function' && occurrence(room);

const isAmong = (taken: readonly Taken[], occurrence: Occurrence<unknown>): boolean =>
  typeof occurrence !== 'function' &&
  taken.some(({ actor, message }) => actor === occurrence[0] && message.type === occurrence[1]);
