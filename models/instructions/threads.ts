import type { Message, Peer, SpontaneousOf } from '../../src/explore/model.ts';
import type { daxMachine } from '../../src/machines/dax.ts';
import type { srcuMachine } from '../../src/machines/primitives/srcu.ts';
import type { superblockMachine } from '../../src/machines/superblock.ts';

/**
 * The words in which the files of this folder say what models have in common, thread by thread: its next instructions
 * (`…Steps`), whom it reaches by what it does (`…Wires`), and what the options of a kernel are to it (`…Input`). A model takes
 * these and says what is peculiar to it.
 *
 * Every load is of the variable that the kernel reads there, under one name in all models: `dax`, `srcu`, `superblock`,
 * `perags`, `s_umount`, `freeze`, `entry`, `task`, `pgmap`, `memmap`. Where a model has somebody to wait for, it names the
 * instruction that waits, and says when it need not wait any longer: `unbindSteps({ 'ref.drained': ({ failure }) => … })`.
 * Where nobody listens in most models, a wire leads nowhere until a model says otherwise:
 * `{ ...failureWires, 'event.unowned': 'fate' }`.
 *
 * The room that `R` stands for is the model's, which has more in it than any load looks at: hence `NoInfer`.
 */
export type Steps<E extends Message, R> = readonly SpontaneousOf<R, E>[];
export type When<R> = (room: R, self: number) => boolean;
/** Instructions that wait in some models, and when they need not wait any longer. */
export type Waits<R, T extends string> = { readonly [K in T]?: When<R> };
/** What an instruction loads: a choice, or what the room says at that moment. */
export type Load<R, P> =
  | { readonly oneOf: readonly P[]; readonly read?: never }
  | { readonly read: (room: R, self: number) => P; readonly oneOf?: never };
/** A wire for everything that a machine emits. */
export type WireOf<E extends Message> = Readonly<Record<E['type'], unknown>>;

export const waiting = <R>(when: When<R> | undefined) => (when === undefined ? {} : { when });

export interface Dax {
  readonly dax: Peer<typeof daxMachine>;
}
export interface Superblock {
  readonly superblock: Peer<typeof superblockMachine>;
}
export interface Srcu {
  readonly srcu: Peer<typeof srcuMachine>;
}

/** A lock that is waited for. */
export const lockWires = <const L extends string>(lock: L) =>
  ({ 'lock.taken': { rendezvous: lock }, 'lock.released': lock }) as const;
