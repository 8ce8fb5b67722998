import { encode } from '../explore/encode.ts';
import type { ActorRef, ActorView, Run, RunStep } from '../explore/verdict.ts';
import { actorNames, data, messageText, plural } from '../report/text.ts';

/** A real implementation, and how it is held against the machines. */
export interface Implementation<R> {
  /** A new one, as it is before the first step. */
  readonly start: () => R | Promise<R>;
  /** Makes it do what the actor of the step does. */
  readonly take: (real: R, step: RunStep, room: Room) => unknown;
  /** What of it is compared, before the first step and after each: data. */
  readonly seen: (real: R) => unknown;
  /** The same of the machines. */
  readonly meant: (room: Room) => unknown;
  /** What is to be done with it in the end, however that comes about. */
  readonly stop?: (real: R) => unknown;
}

/** An actor of the run as it is at the moment; `self` tells replicas apart. */
export type Room = (actor: string, self?: number) => ActorView;

/** The real one does otherwise than the machines. */
export class Deviation extends Error {
  override readonly name = 'Deviation';
}

/**
 * Takes a real implementation along a run, step by step, and compares it with the machines after each.
 *
 * @throws Deviation where it is not as it is meant to be, or throws itself
 */
export async function follow<R>(run: Run, implementation: Implementation<R>): Promise<void> {
  const { start, take, seen, meant, stop } = implementation;
  const views = new Map(run.initial.map((view) => [keyOf(view), view]));
  const room: Room = (actor, self = 0) => viewOf(views, { actor, self });
  const name = actorNames(run.initial);
  const real = await start();
  try {
    await compare('before the first step', () => [seen(real), meant(room)]);
    for (const [i, step] of run.steps.entries()) {
      const where = `step ${i + 1} (${name(step.label)} ${messageText(step.label.message)})`;
      await taking(where, () => take(real, step, room));
      for (const { after } of step.changed) views.set(keyOf(after), after);
      await compare(`after ${where}`, () => [seen(real), meant(room)]);
    }
  } finally {
    await stop?.(real);
  }
}

const keyOf = ({ actor, self }: ActorRef): string => `${self} ${actor}`;

function viewOf(views: ReadonlyMap<string, ActorView>, ref: ActorRef): ActorView {
  const view = views.get(keyOf(ref));
  if (view !== undefined) return view;
  const cast = [...views.values()];
  const name = actorNames([...cast, ref]);
  throw new Error(`no actor ${name(ref)}: the ${plural(cast.length, 'actor')} are ${cast.map(name).join(', ')}`);
}

async function taking(where: string, take: () => unknown): Promise<void> {
  try {
    await take();
  } catch (error) {
    throw new Deviation(`${where}: the real one throws ${String(error)}`, { cause: error });
  }
}

/** Data are compared by value, as local states are. */
async function compare(where: string, both: () => [seen: unknown, meant: unknown]): Promise<void> {
  const [real, machines] = await Promise.all(both());
  if (encode(real, 'what is seen') === encode(machines, 'what is meant')) return;
  throw new Deviation(`${where} the real one is otherwise\n  machines  ${data(machines)}\n  real one  ${data(real)}`);
}
