import type { Peer } from '../explore/model.ts';
import { sometimes } from '../explore/property.ts';
import type { mountMachine } from '../machines/mount.ts';

interface Mounting {
  readonly mount: Peer<typeof mountMachine>;
}

/** The witness that a design does not refuse everything: a mount comes to its good end. */
export const mountCompletes = sometimes<Mounting>('a file system is mounted', ({ mount }) => mount.hasTag('mounted'));

/** The witness that the way back is walked: a mount comes to its bad end, with nothing left of it. */
export const mountFails = sometimes<Mounting>('a mount has failed', ({ mount }) => mount.hasTag('failed'));
