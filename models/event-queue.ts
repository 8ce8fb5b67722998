import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { allAreHandled, nothingDropped, queueIsFull } from '../src/invariants/nothing-dropped.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { firmwareMachine } from '../src/machines/firmware.ts';
import { workerMachine } from '../src/machines/worker.ts';
import { kernel, preset } from './presets.ts';

const options = {
  overflow: kernel.overflow,
  /** A mutation: how many events the firmware has to report. The queue has room for two. */
  events: [4, 2],
} as const;

/**
 * Events that no task has met wait in a queue for a work item. What if there are more of them than it has room for?
 *
 * The queue has room for two events instead of sixteen, and there are four. Nothing depends on the number but the length of the run:
 * one event at work, a full queue, and one more.
 *
 * What surprised, and who was right: the shortest run needs nobody to be slow. Three events that come at once are enough, as
 * the work item has not begun. The record is read when the queue is empty; were it read before, an event would be handled
 * twice.
 */
export default defineModel({
  name: 'event-queue',
  about: 'More events are reported than the queue in front of memory_failure() has room for: what becomes of them?',
  sources: ['S000-27', 'H-22'],
  options,
  variants: {
    P6: {
      about: 'v7.1: the event that finds the queue full is dropped, with a line in the log.',
      option: preset('P6', options),
      expect: { [nothingDropped.name]: 'violated' },
    },
    'P6-few-events': {
      about: 'v7.1 with no more events than the queue has room for.',
      option: { ...preset('P6', options), events: 2 },
      expect: { [nothingDropped.name]: 'vacuous', [queueIsFull.name]: 'unreached' },
    },
    repaired: {
      about: 'Each event stands in a record too, and the record is read when the queue is empty.',
      option: preset('repaired', options),
    },
  },
  build: (option) =>
    compose(
      {
        firmware: start(firmwareMachine, { events: option.events, records: option.overflow === 'recorded' }),
        worker: start(workerMachine),
        badblocks: start(badblocksMachine),
        fate: replicate(fateMachine, option.events),
      },
      {
        wires: {
          firmware: {
            'event.raised': { queue: 'worker', full: 'drop' },
            'event.recorded': ({ poison }) => [['fate', poison], 'badblocks'],
          },
          worker: { 'event.owned': ({ poison }) => ['fate', poison], 'range.reconciled': 'badblocks' },
          badblocks: { 'badblocks.changed': [] },
        },
        mailboxes: { worker: { capacity: 2 } },
        spontaneous: {
          firmware: [{ type: 'error.raised', environment: true }],
          worker: [
            'event.handled',
            {
              type: 'record.read',
              when: ({ worker, badblocks }) => worker.mailbox.length === 0 && badblocks.context.pending.length > 0,
              read: ({ badblocks }) => ({ pending: badblocks.context.pending[0]! }),
            },
          ],
        },
        properties: [nothingDropped, allAreHandled],
      },
    ),
});
