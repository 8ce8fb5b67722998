import type { Peer } from '../explore/model.ts';
import { always, sometimes } from '../explore/property.ts';
import type { shareMachine } from '../machines/share.ts';
import type { sharerMachine } from '../machines/sharer.ts';

interface Sharing {
  readonly share: Peer<typeof shareMachine>;
  readonly sharer: readonly Peer<typeof sharerMachine>[];
}

/** The witness: two files share the page. */
export const pageIsShared = sometimes<Sharing>('two files share a page', ({ sharer }) =>
  sharer.every((file) => file.hasTag('sharing')),
);

/**
 * I6 ShareCount: when nobody is changing it, the count of a page is the number of files that have it.
 *
 * Why it can fail: each file changes it under the lock of its own mapping. A page that counts one file too few is taken for its
 * last owner's, or for nobody's, and the generic path believes it (H-24).
 *
 * @see dax_associate_entry()
 */
export const shareCount = always<Sharing>(
  'I6 ShareCount',
  ({ share, sharer }) =>
    !sharer.every((file) => file.hasTag('rest')) ||
    share.context.share === sharer.filter((file) => file.hasTag('sharing')).length,
  {
    witness: pageIsShared,
    about: 'When nobody is changing it, the count of a page is the number of files that have it.',
  },
);
