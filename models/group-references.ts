import { compose, defineModel, start } from '../src/explore/model.ts';
import { freedByNobody, groupIsKept } from '../src/invariants/group-references.ts';
import { groupMachine } from '../src/machines/group.ts';
import { groupTeardownMachine } from '../src/machines/group-teardown.ts';
import { groupWalkMachine } from '../src/machines/group-walk.ts';
import { kernel, preset } from './presets.ts';

const options = { groupError: kernel.groupError } as const;

/**
 * A walk over groups may stop on an error. Does it give back the reference that it has taken?
 *
 * The world is one group, one walk and one teardown. The walk is cut down to its references; what else it does is the question of
 * walk-all-owners.
 *
 * What surprised, and who was right: KB-13 says that the teardown hangs *or* frees early. It is both in turn: the memory is kept by
 * nobody from the error on, and the teardown that would free it never comes to that.
 */
export default defineModel({
  name: 'group-references',
  about: 'A walk that stops on an error: are its references given back as what they were taken as?',
  sources: ['KB-13'],
  options,
  variants: {
    P5: {
      about:
        'v6.14 to v7.0-rc1: the iterator holds an active reference, and the way out on an error drops a passive one (KB-13).',
      option: preset('P5', options),
      expect: { [groupIsKept.name]: 'violated', deadlock: 'violated' },
    },
    P6: {
      about: 'v7.1: it drops the active one.',
      option: preset('P6', options),
    },
    repaired: {
      about: 'As v7.1.',
      option: preset('repaired', options),
    },
  },
  build: (option) =>
    compose(
      {
        group: start(groupMachine),
        walk: start(groupWalkMachine, { onError: option.groupError }),
        teardown: start(groupTeardownMachine),
      },
      {
        wires: {
          walk: { 'active.taken': 'group', 'active.dropped': 'group', 'passive.dropped': 'group' },
          teardown: { 'active.dropped': 'group', 'passive.dropped': 'group' },
        },
        spontaneous: {
          // An active reference is only to be had while there is one.
          walk: [
            { type: 'walk.begun', environment: true, when: ({ group }) => group.context.active > 0 },
            'walk.ended',
            { type: 'error.met', environment: true },
          ],
          teardown: [
            { type: 'teardown.requested', environment: true },
            { type: 'users.gone', when: ({ group }) => group.context.active === 0 },
            'group.freed',
          ],
        },
        properties: [groupIsKept, freedByNobody],
      },
    ),
});
