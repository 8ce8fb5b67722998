import { compose, defineModel, replicate, start } from '../src/explore/model.ts';
import { shareCount } from '../src/invariants/share-count.ts';
import { shareMachine } from '../src/machines/share.ts';
import { sharerMachine } from '../src/machines/sharer.ts';
import { kernel, preset } from './presets.ts';

const options = { share: kernel.share } as const;

/**
 * A page that two files share counts them. Is the count right when both come and go at once?
 *
 * Nothing but the count is in this world. On the list it is said that the lock of the mapping serialises the changes; the source
 * has one such lock for each file. The model shows what follows from the source, and no trace has caught it.
 */
export default defineModel({
  name: 'share-count',
  about: 'Two files that share a page come and go, each under a lock of its own: does the page count them right?',
  sources: ['H-24'],
  options,
  variants: {
    P6: {
      about: 'v7.1: the count is loaded and stored, under two different locks.',
      option: preset('P6', options),
      expect: { [shareCount.name]: 'violated' },
    },
    repaired: {
      about: 'The count is changed in one step.',
      option: preset('repaired', options),
    },
  },
  build: (option) =>
    compose(
      {
        share: start(shareMachine),
        sharer: replicate(sharerMachine, 2, () => ({ isAtomic: option.share === 'atomic' })),
      },
      {
        wires: { sharer: { 'share.changed': 'share' } },
        spontaneous: {
          sharer: [
            // Once the count has left its range it has gone wrong, and nobody comes or goes any more.
            { type: 'page.faulted', environment: true, when: ({ share }) => isPossible(share.context.share) },
            { type: 'page.truncated', environment: true, when: ({ share }) => isPossible(share.context.share) },
            { type: 'share.loaded', read: ({ share }) => ({ share: share.context.share }) },
            'share.stored',
          ],
        },
        properties: [shareCount],
      },
    ),
});

const isPossible = (share: number): boolean => share >= 0 && share <= 2;
