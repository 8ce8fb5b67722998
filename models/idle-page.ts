import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { aloneWithPage, isIdle, truncateSleeps, wokenWhenIdle } from '../src/invariants/woken-when-idle.ts';
import { layoutBreakMachine } from '../src/machines/layout-break.ts';
import { pinMachine } from '../src/machines/pin.ts';
import { referenceMachine } from '../src/machines/primitives/reference.ts';

const options = {
  /** What the second of two ways to put does when the page becomes idle; the first one wakes. */
  wakes: ['whenIdle', 'never', 'beforeIdle'],
  /** Whether who is going to sleep can be woken from before it asks, or only from when it sleeps. */
  asks: ['onQueue', 'beforeQueue'],
  /** What a truncate does about a page that is in use. */
  whenBusy: ['waits', 'goesOn'],
} as const;

/** Somebody sleeps who will not be woken. */
const missed = { deadlock: 'violated', [wokenWhenIdle.name]: 'violated' } as const;

/**
 * A page of a DAX file is in use by two others when a truncate wants it. One puts it as a page and one as a folio.
 *
 * "For ever" is a word of liveness, but the bug has a core without it: a state in which nobody has anything to do, and one waits
 * for what is true. That is a deadlock, and a search of all states finds it or excludes it. What remains for liveness is the
 * other half of the promise, that a use comes to its end; in this world it does, as nothing about it is the environment's.
 *
 * What surprised, and who was right: the rule of KB-22, every way to become idle wakes, is half a rule. Who wakes has to do so
 * after the count is down (`woken-too-early`), and who waits has to be where he can be woken before he asks (`asks-first`).
 */
export default defineModel({
  name: 'idle-page',
  about: 'A truncate waits until nobody uses a page: is it woken when that has come true?',
  sources: ['KB-22'],
  options,
  variants: {
    'folio-put-silent': {
      about: 'Up to v5.19: the page is idle, and who has put it as a folio wakes nobody (KB-22).',
      option: { wakes: 'never' },
      expect: missed,
    },
    'woken-too-early': {
      about: 'It wakes first and lowers the count then: who is woken finds the page busy, and sleeps again.',
      option: { wakes: 'beforeIdle' },
      expect: missed,
    },
    'asks-first': {
      about: 'Both ways wake; the truncate asks, and then lets itself be woken: it may come true in between.',
      option: { asks: 'beforeQueue' },
      expect: missed,
    },
    'not-waited-for': {
      about: 'A truncate that does not wait.',
      option: { whenBusy: 'goesOn' },
      expect: {
        [aloneWithPage.name]: 'violated',
        [wokenWhenIdle.name]: 'vacuous',
        [truncateSleeps.name]: 'unreached',
      },
    },
    P6: {
      about: 'Both ways wake.',
      option: {},
    },
    repaired: {
      about: 'As P6.',
      option: {},
    },
  },
  build: (option) =>
    compose(
      {
        truncate: start(layoutBreakMachine, { asks: option.asks, whenBusy: option.whenBusy }),
        pin: replicate(pinMachine, 2, (self) => ({ wakes: self === 0 ? ('whenIdle' as const) : option.wakes })),
        page: start(referenceMachine, { count: 1 }),
      },
      {
        wires: { pin: { 'reference.taken': 'page', 'reference.dropped': 'page', 'waiter.woken': 'truncate' } },
        spontaneous: {
          truncate: [
            { type: 'truncate.requested', environment: true },
            'page.unmapped',
            { type: 'count.read', read: ({ page }) => ({ idle: isIdle(page) }) },
            'sleep.begun',
            'entry.removed',
          ],
          pin: [
            { type: 'page.pinned', environment: true, when: ({ truncate }) => truncate.hasTag('mapped') },
            { type: 'use.over', read: ({ page }) => ({ others: page.context.count > 2 }) },
            'waiter.called',
            'reference.lowered',
          ],
        },
        properties: [wokenWhenIdle, aloneWithPage],
      },
    ),
});
