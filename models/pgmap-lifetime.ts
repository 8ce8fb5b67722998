import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { driverLeavesNothing, probeLeavesNothing } from '../src/invariants/leftovers.ts';
import {
  failureFollowsDriver,
  failureFollowsProbe,
  failureMeetsRemoval,
  metadataFails,
  noDanglingPagemap,
  noMissingPage,
  noPagemapUnderFailure,
  noStaleOperations,
  ownerIsTold,
  ownerWasTold,
  rightBlocks,
  secondRangeFails,
} from '../src/invariants/refs-before-free.ts';
import { dispatchMachine } from '../src/machines/dispatch.ts';
import { driverMachine } from '../src/machines/driver.ts';
import { pagemapMachine } from '../src/machines/pagemap.ts';
import { percpuRefMachine } from '../src/machines/primitives/percpu-ref.ts';
import { toldMachine } from '../src/machines/told.ts';

const options = {
  /** Whether the pagemap is the driver's own (pmem), or outlives it (fsdev). */
  pagemap: ['own', 'lasting'],
  /** Whether removal waits for those who hold the pagemap. */
  drains: [true, false],
  validates: ['first', 'never'],
  translates: ['byRanges', 'byFirstRange'],
  publishes: ['last', 'early'],
  withdraws: [true, false],
} as const;

/**
 * memory_failure() finds a page by its frame number: what holds the page, its pagemap and the driver's code in place
 * meanwhile?
 *
 * The world is one driver that may fail to bind, and be unbound once, and two failures of frames anywhere in its
 * device: in the first range, in the second, among the struct pages.
 *
 * What the reference to the pagemap is good for, and what not: taken before anything is looked at, and waited for
 * before the memory goes, it holds the struct pages, and the driver's code with them (P3 against K9, `without-drain`).
 * It says nothing of frames that have no struct page (KB-15), nothing of a pagemap that is found before it is certain
 * to stay (KB-17), and, where the pagemap stays and nobody waits, nothing of the code behind its operations (KB-16):
 * each takes a rule of its own. That the driver may go while its operation runs, and not only before it is called, is
 * left out: what holds a module that is being called, the sources do not say. KB-18, an offset from the wrong end, is
 * arithmetic, and tells the wrong owner.
 */
export default defineModel({
  name: 'pgmap-lifetime',
  about:
    'A page frame fails while its driver comes or goes: what holds the pagemap, its pages and its operations in place?',
  sources: ['KB-15', 'KB-16', 'KB-17', 'KB-18'],
  options,
  variants: {
    P6: {
      about: 'pmem: a pagemap of its own, validated, pinned, drained.',
    },
    fsdev: {
      about: 'fsdev as it is to be: a pagemap that stays, and from which the driver withdraws its operations.',
      option: { pagemap: 'lasting' },
    },
    repaired: {
      about: 'As P6: nothing here needs a repair.',
    },
    'without-drain': {
      about: 'A removal that does not wait for memory_failure().',
      option: { drains: false },
      expect: { [noPagemapUnderFailure.name]: 'violated', [noStaleOperations.name]: 'violated' },
    },
    'without-validation': {
      about: 'KB-15, up to v5.11: the struct page is looked at before the frame is known to have one.',
      option: { validates: 'never' },
      expect: { [noMissingPage.name]: 'violated' },
    },
    'operations-left': {
      about: 'KB-16: the driver goes and leaves its operations in a pagemap that stays.',
      option: { pagemap: 'lasting', withdraws: false },
      expect: { [noStaleOperations.name]: 'violated' },
    },
    'published-early': {
      about: 'KB-17: the pagemap can be found while probe may still fail and free it.',
      option: { publishes: 'early' },
      expect: { [noDanglingPagemap.name]: 'violated' },
    },
    'offset-from-first-range': {
      about: 'KB-18: an offset counted from the first range, as if there were no gap.',
      option: { translates: 'byFirstRange' },
      expect: { [rightBlocks.name]: 'violated' },
    },
  },
  build: (option) =>
    compose(
      {
        driver: start(driverMachine, {
          publishes: option.publishes,
          pagemap: option.pagemap,
          withdraws: option.withdraws,
        }),
        pagemap: start(pagemapMachine),
        pgmapRef: start(percpuRefMachine),
        told: start(toldMachine),
        dispatch: replicate(dispatchMachine, 2, () => ({
          validates: option.validates,
          translates: option.translates,
        })),
      },
      {
        wires: {
          driver: {
            'pagemap.published': 'pagemap',
            'pagemap.freed': 'pagemap',
            'operations.withdrawn': 'pagemap',
            'ref.killed': 'pgmapRef',
            'ref.drained': 'pgmapRef',
            'memory.removed': 'pagemap',
            'module.unloaded': 'pagemap',
          },
          dispatch: { 'owner.told': 'told' },
        },
        spontaneous: {
          driver: [
            { type: 'driver.bound', environment: true },
            'pagemap.published',
            'probe.finished',
            { type: 'probe.failed', environment: true },
            'pagemap.freed',
            { type: 'driver.unbound', environment: true },
            'operations.withdrawn',
            'ref.killed',
            {
              type: 'ref.drained',
              when: ({ dispatch }) => !option.drains || !dispatch.some((each) => each.hasTag('pinning')),
            },
            'memory.removed',
            'module.unloaded',
          ],
          dispatch: [
            {
              type: 'poison.reported',
              environment: true,
              oneOf: [{ frame: 'first' }, { frame: 'second' }, { frame: 'metadata' }],
            },
            {
              type: 'pgmap.read',
              read: ({ pagemap, pgmapRef }) => ({
                published: pagemap.context.published,
                freed: pagemap.context.freed,
                live: pgmapRef.hasTag('live'),
              }),
            },
            'frame.checked',
            'page.touched',
            {
              type: 'operations.called',
              read: ({ pagemap }) => ({ set: pagemap.context.operations, provided: pagemap.context.provided }),
            },
            'frame.translated',
            'pgmap.put',
            'thread.ended',
          ],
        },
        properties: [
          noMissingPage,
          noPagemapUnderFailure,
          noStaleOperations,
          noDanglingPagemap,
          rightBlocks,
          driverLeavesNothing,
          probeLeavesNothing,
          ownerIsTold,
          ownerWasTold,
          metadataFails,
          failureMeetsRemoval,
          failureFollowsDriver,
          failureFollowsProbe,
          secondRangeFails,
        ],
      },
    ),
});
