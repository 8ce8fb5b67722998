import type { Local } from './behaviour.ts';
import { encode } from './encode.ts';
import type { Found, Judge } from './judge.ts';
import { mailCode } from './mailbox.ts';
import { isAmong, isIn } from './plain-judge.ts';
import type { Property } from './property.ts';
import {
  isPlainDeadlock,
  type PlainState,
  plainCodes,
  type Replayed,
  ReplayFault,
  replay,
  roomOver,
} from './replay.ts';
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
  const run = endingRun(replayed, step !== null);
  recheck(system, judge, replayed, run);
  return { steps: labels.length, ...(withRun && { run }) };
}

/**
 * The same for a run of which the steps are known.
 *
 * @param byStep whether the property is decided by the last step, and not in the state that it leads to
 * @throws ReplayFault where plain XState cannot take it, or where it does not decide the property
 */
export function confirmRun(
  system: System,
  judge: Pick<Judge, 'name' | 'of'>,
  labels: readonly StepLabel[],
  byStep: boolean,
): Run {
  const replayed = replay(system.composition, labels);
  const run = endingRun(replayed, byStep);
  recheck(system, judge, replayed, run);
  return run;
}

const endingRun = ({ run }: Replayed, byStep: boolean): Run =>
  byStep && run.ends.at === 'state' ? { ...run, ends: { at: 'step' } } : run;

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
    const mail = mailbox ? mailbox.contents.value(vector[mailbox.slot]!) : [];
    return `${codeOf(system, behaviour.locals.value(vector[slot]!))} ${mailCode(mail)}`;
  });
}

function codeOf(system: System, local: Local): string {
  let code = knownCodes.get(local);
  if (code === undefined) {
    const { value, context, status, output } = local.snapshot;
    const timers = [...local.armed].map(([name, event]) => [name, system.messages.value(event)]);
    code = encode([value, context, status, output, timers], 'replay');
    knownCodes.set(local, code);
  }
  return code;
}

const knownCodes = new WeakMap<Local, string>();

const same = (state: PlainState | undefined, codes: readonly string[]): boolean =>
  state !== undefined && plainCodes(state).every((code, i) => code === codes[i]);

/** The property itself, evaluated on plain snapshots: a violation must be one, a witness must be one. */
function recheck(
  { composition }: System,
  judge: Pick<Judge, 'name' | 'of'>,
  { states, taken }: Replayed,
  run: Run,
): void {
  const properties = composition.properties as readonly Property<unknown>[];
  const property = properties
    .flatMap((each) => ('witness' in each && each.witness ? [each, each.witness] : [each]))
    .find(({ name }) => name === judge.name);
  const roomAt = (index: number): unknown => roomOver(composition, states.at(index)!);
  const agrees = (): boolean => {
    switch (property?.kind) {
      case 'sometimes':
        return property.holds(roomAt(-1));
      case 'always':
        return !property.holds(roomAt(-1)) && (property.when?.(roomAt(-1)) ?? true);
      case 'step': {
        const change = { before: roomAt(-2), after: roomAt(-1), taken: taken.at(-1)! };
        return !property.holds(change) && (property.when?.(change) ?? true);
      }
      case 'precedes': {
        // a step counts its messages before the state that it leads to
        const rooms = states.map((_, i) => roomAt(i));
        const until = typeof property.then === 'function' ? rooms : rooms.slice(0, -1);
        const first =
          until.some((room) => isIn(room, property.first)) || taken.some((step) => isAmong(step, property.first));
        return !first && (isIn(rooms.at(-1), property.then) || isAmong(taken.at(-1) ?? [], property.then));
      }
      case undefined:
        return judge.of === 'deadlock' ? isPlainDeadlock(composition, states.at(-1)!) : run.ends.at === 'unhandled';
    }
  };
  if (!agrees()) throw new ReplayFault(`"${judge.name}": on plain XState it is not as the search says`);
}
