import type { EmittedOf, EventsOf, Peer, SpontaneousOf } from '../../src/explore/model.ts';
import type { fileMachine } from '../../src/machines/file.ts';
import type { HandlerInput, handlerMachine } from '../../src/machines/handler.ts';
import type { peragsMachine } from '../../src/machines/perags.ts';
import type { rwsemMachine } from '../../src/machines/primitives/rwsem.ts';
import type { superblockMachine } from '../../src/machines/superblock.ts';
import type { Kernel } from '../presets.ts';
import type { Dax, Steps, Superblock, When, WireOf } from './threads.ts';

type Step<R> = SpontaneousOf<R, EventsOf<typeof handlerMachine>>;

interface Perags {
  readonly perags: Peer<typeof peragsMachine>;
}
interface UmountLock {
  readonly s_umount: Peer<typeof rwsemMachine>;
}

/** The handler of a kernel that asks for an rmapbt, drops what comes too early and takes no lock, unless it says otherwise. */
export const handlerInput = ({
  holderData,
  whenUnready = 'drop',
  asksFeatures = true,
  lock = 'none',
}: Pick<Kernel, 'holderData'> & Partial<Pick<Kernel, 'whenUnready' | 'asksFeatures' | 'lock'>>) =>
  ({ whenUnready, checksHolder: holderData === 'checked', asksFeatures, lock }) satisfies HandlerInput;

/** It answers the notifier, and takes no lock; who else hears of it is the model's. */
export const handlerWires = {
  'failure.handled': 'notifier',
  'failure.deferred': [],
  'kill.called': [],
  'thread.died': 'notifier',
  'filesystem.shut': [],
  'task.signalled': [],
  'lock.taken': [],
  'lock.released': [],
  'event.owned': [],
  'event.queued': [],
  'event.recorded': [],
} as const satisfies WireOf<EmittedOf<typeof handlerMachine>>;

/** s_umount, where the handler is one that takes it. */
const lockOf = ({ lock }: { readonly lock: string }) => (lock === 's_umount' ? lock : []);
export const handlerLockWires = { 'lock.taken': { rendezvous: lockOf }, 'lock.released': lockOf } as const;

// ------------------------------------------------------------------------------- of a file system that comes and goes

/** Instructions of which each model makes its own sequence, since it leaves out what cannot happen in it. */
export const holderRead = {
  type: 'holder.read',
  read: ({ dax }) => ({ holder: dax.context.data }),
} satisfies Step<Dax>;

/** `contended`: what is made of a lock that somebody else holds. */
export const superblockLocked = (contended: 'waits' | 'isUnready') =>
  ({
    type: 'superblock.locked',
    read: ({ superblock, s_umount }) => ({
      freed: superblock.hasTag('freed'),
      held: contended === 'isUnready' && s_umount.hasTag('held'),
    }),
  }) satisfies Step<Superblock & UmountLock>;

/** A guard that asks for the birth of the file system, or for its life too. */
export const flagRead = (guard: string) =>
  ({
    type: 'flag.read',
    read: ({ superblock }) => ({
      ready: superblock.hasTag(guard === 'born' ? 'born' : 'active'),
      freed: superblock.hasTag('freed'),
    }),
  }) satisfies Step<Superblock>;

export const callRefused = {
  type: 'call.refused',
  read: ({ superblock }) => ({ freed: superblock.hasTag('freed') }),
} satisfies Step<Superblock>;

export const featuresRead = {
  type: 'features.read',
  read: ({ superblock }) => ({ rmap: superblock.hasTag('features'), freed: superblock.hasTag('freed') }),
} satisfies Step<Superblock>;

export const agfRead = {
  type: 'agf.read',
  read: ({ perags, superblock }) => ({
    perag: perags.hasTag('present'),
    shutdown: superblock.context.shutdown,
  }),
} satisfies Step<Perags & Superblock>;

// ---------------------------------------------------------------------------------- of a file system that is mounted

/** The handler of v7.1 in a world where nobody mounts or unmounts. */
export const mountedHandler = {
  whenUnready: 'drop',
  checksHolder: true,
  asksFeatures: true,
  lock: 'none',
  kills: 'called',
} as const satisfies HandlerInput;

/** H1 to H4: it is called and let in. */
export const letInSteps = (rmap = true): Steps<EventsOf<typeof handlerMachine>, unknown> => [
  { type: 'holder.read', oneOf: [{ holder: 'mp' }] },
  { type: 'flag.read', oneOf: [{ ready: true, freed: false }] },
  { type: 'features.read', oneOf: [{ rmap, freed: false }] },
];

export const mountedAgfRead = {
  type: 'agf.read',
  read: ({ superblock }) => ({ perag: true, shutdown: superblock.context.shutdown }),
} satisfies Step<Superblock>;

/** What a search of the inodes in memory finds: the files whose page lies in the range. */
export const filesInRange = (file: readonly Peer<typeof fileMachine>[]): number[] =>
  file.flatMap((each, number) => (each.hasTag('present') && each.context.inRange ? [number] : []));

/** Somebody shuts the file system down, once. */
export const shutdownSteps = <R extends Superblock>(
  may: When<NoInfer<R>>,
): Steps<EventsOf<typeof superblockMachine>, R> => [
  {
    type: 'filesystem.shut',
    environment: true,
    when: (room, self) => !room.superblock.context.shutdown && may(room, self),
  },
];
