import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { noBlast, noNeedlessShutdown, noStaleRecord } from '../src/invariants/blast.ts';
import { mapperTold } from '../src/invariants/mapper-told.ts';
import { metaShutdown } from '../src/invariants/meta-shutdown.ts';
import { allAreVisited, inodeLeaves, noVainWait, shutdownLast, walkAll } from '../src/invariants/walk-all.ts';
import { noCircle } from '../src/invariants/walk-ends.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { faultMachine } from '../src/machines/fault.ts';
import { fileMachine } from '../src/machines/file.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { killMachine } from '../src/machines/kill.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { reclaimMachine } from '../src/machines/reclaim.ts';
import { type RmapInput, recordAt, rmapbtMachine } from '../src/machines/rmapbt.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { designs, options } from './designs/walk-all-owners.ts';
import { alwaysLive, failureSteps, failureWires, heldNotifierSteps, notifierWires } from './instructions/delivery.ts';
import { filesInRange, handlerWires, letInSteps, mountedHandler, shutdownSteps } from './instructions/handler.ts';
import {
  fileKillSteps,
  killInput,
  killWires,
  mappersBy,
  namedFile,
  reclaimSteps,
  reclaimWires,
} from './instructions/kill.ts';

const file0 = { owner: 'data', file: 0 } as const;
const file1 = { owner: 'data', file: 1 } as const;
const metadata = { owner: 'metadata', file: -1 } as const;
const ranges: Record<Assignment<typeof options>['range'], RmapInput['groups']> = {
  shared: [[file0, file1]],
  metadataFirst: [[metadata, file0, file1]],
  metadataBetween: [[file0, metadata, file1]],
  metadataLast: [[file0, file1, metadata]],
  twoGroups: [[file0], [file1]],
  mixed: [[file0, metadata], [file1]],
  mixedSecond: [[file0], [metadata, file1]],
};

/**
 * A range that has failed may have several owners, in one block that files share or in the blocks of several groups: what keeps
 * the walk from reaching all of them, and what does it do that it should not?
 *
 * The world is one event, two files with a task each that asked to be told early, and one thing that may happen meanwhile. The
 * mount is up and stays registered: how long is the question of the windows. `P6-shared` does what trace 6a recorded: one callback
 * for each owner, in order, each task unmapped and told, answer 0; `P6` what 2b recorded, but that there
 * nobody mapped the block.
 *
 * What surprised, and who was right:
 * - In v6.0 metadata is harmless when it is the last record (`P2b-metadata-last`): the shutdown cuts off nothing. The bug shows
 *   in two orders of three, and KB-02 asks for both.
 * - An AGF that cannot be read may not simply be passed over (`agf-passed-over`): those in the other groups are told, and those in
 *   its own are not. S001-25 blames the `break`; without it the claim is no safer. What helps is a way to the mappings that
 *   reads no metadata.
 * - The same way is what H-05 needs after a shutdown, and it makes a list, the very thing that S004-03 warns of. It is safe
 *   if the kill looks at the page again with the entry in hand (`listed-and-checked`): the lock that matters is the entry's, not
 *   the AGF's.
 * - H-10 needs three parties: the walk, a truncate, and the next owner, who pays for the file that was truncated.
 * - That a lookup skips an inode in transit is right only because nobody maps its pages. `mapped-but-not-in-core` takes that
 *   away, and S004-26 with it.
 */
export default defineModel({
  name: 'walk-all-owners',
  about: 'A range that has failed may have several owners: what keeps the walk from reaching all of them?',
  sources: [
    ...['S000-06', 'S000-07', 'S000-08', 'S000-09', 'S001-01', 'S001-02', 'S001-03', 'S001-25'],
    ...['S004-03', 'S004-14', 'S004-25', 'S004-26', 'S004-30', 'KB-02', 'H-05', 'H-09', 'H-10'],
  ],
  options,
  variants: designs,
  build: (option) => {
    /** The tasks that map a file: nobody maps one that is closed; then both map the other. */
    const fileOf = (task: number) => (option.meanwhile === 'reclaim' ? 1 : task);
    const mappersOf = mappersBy(2, fileOf);
    const truncates = option.meanwhile === 'truncate' || option.meanwhile === 'shutdownAndTruncate';
    const shuts = option.meanwhile === 'shutdown' || option.meanwhile === 'shutdownAndTruncate';
    return compose(
      {
        failure: replicate(failureMachine, 1, () => ({ poison: 0 })),
        notifier: start(notifierMachine, { loadsOnce: true }),
        handler: start(handlerMachine, {
          ...mountedHandler,
          kills: option.kills,
          onMetadata: option.onMetadata,
          onError: option.onError,
          inTransit: option.inTransit,
          stops: option.records === 'first' ? 'atFirst' : 'atLast',
        }),
        kill: start(killMachine, killInput({ ...option, unmaps: 'ifCollected' })),
        mapper: replicate(mapperMachine, 2, (number) => ({
          file: fileOf(number),
          policy: 'early',
          blocksOptional: false,
        })),
        file: replicate(fileMachine, 2, (number) => ({
          starts:
            number === 1 || (option.meanwhile !== 'reclaim' && option.meanwhile !== 'evicted')
              ? 'mapped'
              : option.meanwhile === 'reclaim'
                ? 'idle'
                : 'absent',
        })),
        rmapbt: start(rmapbtMachine, {
          groups: ranges[option.range],
          unreadable: option.meanwhile === 'badAgf' ? 0 : option.meanwhile === 'badSecondAgf' ? 1 : -1,
        }),
        reclaim: start(reclaimMachine, { file: 0 }),
        fault: start(faultMachine, { file: 0 }),
        superblock: start(superblockMachine, { mounted: true }),
        fate: replicate(fateMachine, 1),
      },
      {
        wires: {
          failure: { ...failureWires, 'event.generic': 'fate', 'event.unowned': 'fate' },
          notifier: notifierWires('handler', 'failure'),
          handler: { ...handlerWires, 'kill.called': 'kill', 'filesystem.shut': 'superblock', 'event.owned': 'fate' },
          kill: { ...killWires, 'page.unmapped': ({ file }) => mappersOf(file) },
          mapper: { 'poison.consumed': [] },
          reclaim: reclaimWires(mappersOf),
          fault: {
            'entry.taken': { rendezvous: namedFile },
            'entry.released': namedFile,
          },
        },
        spontaneous: {
          failure: failureSteps({ pgmap: alwaysLive }),
          notifier: heldNotifierSteps,
          handler: [
            ...letInSteps(),
            {
              type: 'agf.read',
              read: ({ handler, rmapbt, superblock }) => ({
                perag: handler.context.group < rmapbt.context.groups.length,
                shutdown: superblock.context.shutdown,
                failed: rmapbt.context.unreadable === handler.context.group,
                more: handler.context.group + 1 < rmapbt.context.groups.length ? 'group' : 'nothing',
              }),
            },
            {
              type: 'record.found',
              read: ({ handler, rmapbt: { context } }) =>
                // Nothing is found in a group that cannot be read.
                recordAt(handler.context.group === context.unreadable ? [] : context.groups, handler.context),
            },
            {
              type: 'inode.found',
              read: ({ handler, file }) => {
                const found = file[handler.context.file]!;
                return {
                  inode: found.hasTag('inCore') ? 'inCore' : found.hasTag('inTransit') ? 'inTransit' : 'absent',
                };
              },
            },
            'group.unlocked',
            { type: 'core.searched', read: ({ file }) => ({ files: filesInRange(file) }) },
            'walk.ended',
          ],
          kill: fileKillSteps,
          reclaim: reclaimSteps(truncates, {
            type: 'inode.reclaimed',
            environment: true,
            when: () => option.meanwhile === 'reclaim',
          }),
          fault: [
            { type: 'page.touched', environment: true, when: () => option.meanwhile === 'fault' },
            'access.refused',
          ],
          superblock: shutdownSteps(() => shuts),
        },
        properties: [
          walkAll,
          shutdownLast,
          metaShutdown,
          mapperTold,
          noBlast,
          noNeedlessShutdown,
          allAreVisited,
          ...(option.meanwhile === 'badAgf' ? [] : [noCircle]),
          ...(truncates ? [noStaleRecord] : []),
          ...(truncates || option.meanwhile === 'fault' ? [noVainWait] : []),
          ...(option.meanwhile === 'reclaim' ? [inodeLeaves] : []),
        ],
      },
    );
  },
});
