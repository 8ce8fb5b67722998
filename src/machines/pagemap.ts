import { assign, setup } from 'xstate';

/**
 * A struct dev_pagemap as memory_failure() finds it: whether it can be found, whose operations it names, and what has
 * become of the two.
 *
 * Kept: being found, being there, naming operations and their code being there are four things. Left out: the reference
 * count, which is an actor of its own.
 */
export const pagemapMachine = setup({
  types: {
    context: {} as Pagemap,
    events: {} as {
      type: 'pagemap.published' | 'pagemap.freed' | 'operations.withdrawn' | 'memory.removed' | 'module.unloaded';
    },
    tags: {} as 'rest',
  },
  actions: {
    publish: assign({ published: true, operations: true, provided: true }),
    free: assign({ freed: true }),
    withdraw: assign({ operations: false }),
    remove: assign({ published: false, removed: true }),
    unload: assign({ provided: false }),
  },
}).createMachine({
  id: 'pagemap',
  context: { published: false, freed: false, operations: false, provided: false, removed: false },
  initial: 'there',
  states: {
    there: {
      tags: 'rest',
      on: {
        'pagemap.published': { actions: 'publish' },
        'pagemap.freed': { actions: 'free' },
        'operations.withdrawn': { actions: 'withdraw' },
        'memory.removed': { actions: 'remove' },
        'module.unloaded': { actions: 'unload' },
      },
    },
  },
});

interface Pagemap {
  readonly published: boolean;
  readonly freed: boolean;
  readonly operations: boolean;
  /** The code behind the operations is there. */
  readonly provided: boolean;
  readonly removed: boolean;
}
