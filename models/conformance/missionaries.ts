import { assign, emit, setup } from 'xstate';
import { compose, defineModel, type Peer, start } from '../../src/explore/model.ts';
import { always, sometimes } from '../../src/explore/property.ts';

/**
 * Missionaries and cannibals, as in TLA+ Examples, MissionariesAndCannibals.tla: TLC solves the puzzle for three of
 * either with a counterexample of 12 states, which is 11 steps.
 *
 * A state there is the bank of the boat and the set of persons on either bank; here the persons are counted, not named.
 * Who goes does not matter, only how many of either kind, so a run of one is a run of the other and as long; the states
 * are fewer, and their number is not published. A crossing is one step, there and here. Each bank refuses (by having
 * no transition) a crossing after which its missionaries would be outnumbered.
 */

interface Party {
  readonly missionaries: number;
  readonly cannibals: number;
}

const isSafe = (party: Party) => party.missionaries === 0 || party.missionaries >= party.cannibals;

const minus = (those: Party, these: Party): Party => ({
  missionaries: those.missionaries - these.missionaries,
  cannibals: those.cannibals - these.cannibals,
});

const plus = (those: Party, these: Party): Party => ({
  missionaries: those.missionaries + these.missionaries,
  cannibals: those.cannibals + these.cannibals,
});

const bank = setup({
  types: {
    context: {} as Party,
    input: {} as Party,
    events: {} as { type: 'party.left' | 'party.landed'; party: Party },
    tags: {} as 'rest',
  },
  guards: {
    hasParty: ({ context, event }) => {
      const left = minus(context, event.party);
      return left.missionaries >= 0 && left.cannibals >= 0 && isSafe(left);
    },
    isSafeWithParty: ({ context, event }) => isSafe(plus(context, event.party)),
  },
  actions: {
    release: assign(({ context, event }) => minus(context, event.party)),
    receive: assign(({ context, event }) => plus(context, event.party)),
  },
}).createMachine({
  id: 'bank',
  context: ({ input }) => input,
  initial: 'settled',
  states: {
    settled: {
      tags: 'rest',
      on: {
        'party.left': { guard: 'hasParty', actions: 'release' },
        'party.landed': { guard: 'isSafeWithParty', actions: 'receive' },
      },
    },
  },
});

type Bank = 'east' | 'west';

const boat = setup({
  types: {
    events: {} as { type: 'boat.crossed'; party: Party },
    emitted: {} as { type: 'party.left' | 'party.landed'; bank: Bank; party: Party },
    tags: {} as 'rest',
  },
  actions: {
    leave: emit(({ event }, { bank }: { bank: Bank }) => ({ type: 'party.left', bank, party: event.party })),
    land: emit(({ event }, { bank }: { bank: Bank }) => ({ type: 'party.landed', bank, party: event.party })),
  },
}).createMachine({
  id: 'boat',
  initial: 'atEast',
  states: {
    atEast: {
      tags: 'rest',
      on: {
        'boat.crossed': {
          target: 'atWest',
          actions: [
            { type: 'leave', params: { bank: 'east' } },
            { type: 'land', params: { bank: 'west' } },
          ],
        },
      },
    },
    atWest: {
      tags: 'rest',
      on: {
        'boat.crossed': {
          target: 'atEast',
          actions: [
            { type: 'leave', params: { bank: 'west' } },
            { type: 'land', params: { bank: 'east' } },
          ],
        },
      },
    },
  },
});

/** The boat takes one or two. */
const boatloads: readonly { readonly party: Party }[] = [
  { party: { missionaries: 1, cannibals: 0 } },
  { party: { missionaries: 0, cannibals: 1 } },
  { party: { missionaries: 2, cannibals: 0 } },
  { party: { missionaries: 1, cannibals: 1 } },
  { party: { missionaries: 0, cannibals: 2 } },
];

interface Banks {
  readonly east: Peer<typeof bank>;
  readonly west: Peer<typeof bank>;
}

const missionaryCrossed = sometimes<Banks>('a missionary is across', ({ west }) => west.context.missionaries > 0);

const someoneIsLeft = always<Banks>(
  'someone is left on the east bank',
  ({ east }) => east.context.missionaries + east.context.cannibals > 0,
  { witness: missionaryCrossed },
);

export default defineModel({
  name: 'missionaries',
  about: 'Can three missionaries and three cannibals cross in a boat for two, never outnumbered on either bank?',
  sources: ['TLA+ Examples, MissionariesAndCannibals/MissionariesAndCannibals.tla'],
  variants: {
    '3-and-3': {
      expect: { [someoneIsLeft.name]: 'violated' },
      figures: { states: 16, transitions: 34, deadlocks: 0, depth: 12, steps: { [someoneIsLeft.name]: 11 } },
    },
  },
  build: () =>
    compose(
      {
        boat: start(boat),
        east: start(bank, { missionaries: 3, cannibals: 3 }),
        west: start(bank, { missionaries: 0, cannibals: 0 }),
      },
      {
        wires: {
          boat: {
            'party.left': { rendezvous: ({ bank }) => bank },
            'party.landed': { rendezvous: ({ bank }) => bank },
          },
        },
        spontaneous: { boat: [{ type: 'boat.crossed', oneOf: boatloads }] },
        properties: [missionaryCrossed, someoneIsLeft],
      },
    ),
});
