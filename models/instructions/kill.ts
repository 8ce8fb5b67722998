import type { EmittedOf, EventsOf, Peer } from '../../src/explore/model.ts';
import type { fileMachine } from '../../src/machines/file.ts';
import type { handlerMachine } from '../../src/machines/handler.ts';
import { type Collected, collectedBy, type KillInput, type killMachine, type Mapper } from '../../src/machines/kill.ts';
import type { mapperMachine } from '../../src/machines/mapper.ts';
import type { reclaimMachine } from '../../src/machines/reclaim.ts';
import type { Kernel } from '../presets.ts';
import { type Load, type Steps, type Waits, type WireOf, waiting } from './threads.ts';

type Kill = Peer<typeof killMachine>;
interface Files {
  readonly file: readonly Peer<typeof fileMachine>[];
}
interface Mappers {
  readonly mapper: readonly Peer<typeof mapperMachine>[];
}

/** The file that a message is about. */
export const namedFile = ({ file }: { readonly file: number }) => ['file', file] as const;

/** Of so many tasks those that map a page of a file. */
export const mappersBy = (tasks: number, fileOf: (task: number) => number) => (file: number) =>
  Array.from({ length: tasks }, (_, task) => ['mapper', task] as const).filter(([, task]) => fileOf(task) === file);

/** What collecting finds of them. */
export const mappingsOf = (file: number, { mapper }: Mappers): Mapper[] =>
  mapper.map((task) => ({
    maps: task.hasTag('mapped') && task.context.file === file,
    early: task.context.policy === 'early',
  }));

// ------------------------------------------------------------------------------------------------------------------ kill

/** For poison, as its kernel has it. */
export const killInput = ({ unmaps, whenLost, checksPage }: Pick<Kernel, 'unmaps' | 'whenLost' | 'checksPage'>) =>
  ({ flavour: 'poison', unmaps, whenLost, checksPage }) as const satisfies KillInput;

/** D1 to D6: what it finds of the entry, and whom it collects. */
export const killSteps = <R>(
  entry: Load<NoInfer<R>, { entry: 'present' | 'locked' | 'empty'; inRange: boolean }>,
  collected: (room: NoInfer<R>, self: number) => readonly Collected[],
  waits: Waits<NoInfer<R>, 'entry.read'> = {},
): Steps<EventsOf<typeof killMachine>, R> => [
  { type: 'entry.read', ...waiting(waits['entry.read']), ...entry },
  { type: 'tasks.collected', read: (room, self) => ({ tasks: collected(room, self) }) },
  'range.unmapped',
  'signal.sent',
  'entry.unlocked',
];

/** The same of files whose entries others may lock and take away. */
export const fileKillSteps: Steps<EventsOf<typeof killMachine>, Files & Mappers & { readonly kill: Kill }> = killSteps(
  {
    read: ({ kill, file }) => {
      const at = file[kill.context.file]!;
      return {
        entry: at.hasTag('locked') ? 'locked' : at.hasTag('present') ? 'present' : 'empty',
        inRange: at.context.inRange,
      };
    },
  },
  (room) => collectedBy('poison', mappingsOf(room.kill.context.file, room)),
  { 'entry.read': ({ kill, file }) => !kill.hasTag('waiting') || !file[kill.context.file]!.hasTag('locked') },
);

/** The handler calls it, for pages of files that all tasks map. */
export const killWires = {
  'entry.taken': namedFile,
  'entry.released': namedFile,
  'page.poisoned': [],
  'page.unmapped': 'mapper',
  'task.signalled': ({ task }: { readonly task: number }) => ['mapper', task] as const,
  'kill.returned': 'handler',
} as const satisfies WireOf<EmittedOf<typeof killMachine>>;

// --------------------------------------------------------------------------------------- whoever takes the page away

/** A truncate, and a write after it. */
export const reclaimSteps = <R extends { readonly handler: Peer<typeof handlerMachine> }>(
  truncates: boolean,
  ...more: Steps<EventsOf<typeof reclaimMachine>, R>
): Steps<EventsOf<typeof reclaimMachine>, R> => [
  { type: 'truncate.requested', environment: true, when: () => truncates },
  'page.dropped',
  'entry.dropped',
  // The transaction that frees the extent takes the AGF, and so waits for a walk that has it.
  { type: 'extent.freed', when: ({ handler }) => !handler.hasTag('walking') },
  { type: 'page.written', environment: true },
  ...more,
];

export const reclaimWires = <const M>(mappersOf: (file: number) => M) =>
  ({
    'entry.taken': { rendezvous: namedFile },
    'entry.removed': namedFile,
    'entry.filled': namedFile,
    'page.unmapped': ({ file }: { readonly file: number }) => mappersOf(file),
    'page.mapped': ({ file }: { readonly file: number }) => mappersOf(file),
    'record.removed': 'rmapbt',
    'inode.reclaimed': namedFile,
    'inode.freed': [],
  }) as const satisfies WireOf<EmittedOf<typeof reclaimMachine>>;
