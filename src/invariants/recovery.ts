import type { Peer } from '../explore/model.ts';
import { always, never, sometimes } from '../explore/property.ts';
import type { badblocksMachine } from '../machines/badblocks.ts';
import type { blockWriteMachine } from '../machines/block-write.ts';
import type { kernelMappingMachine } from '../machines/kernel-mapping.ts';
import type { mediaMachine } from '../machines/media.ts';
import type { preadMachine } from '../machines/pread.ts';
import type { recoveryWriteMachine } from '../machines/recovery-write.ts';
import type { victimMachine } from '../machines/victim.ts';

interface Restoring {
  readonly victim: readonly Peer<typeof victimMachine>[];
  readonly media: readonly Peer<typeof mediaMachine>[];
}

interface Recorded {
  readonly badblocks: Peer<typeof badblocksMachine>;
}

interface Touching {
  readonly kernelMapping: Peer<typeof kernelMappingMachine>;
  readonly recoveryWrite: readonly Peer<typeof recoveryWriteMachine>[];
  readonly blockWrite: Peer<typeof blockWriteMachine>;
  readonly pread: Peer<typeof preadMachine>;
}

/** The witness: a task that was told has what it has lost. */
export const applicationIsRestored = sometimes<Restoring>('a task has restored its page', ({ victim }) =>
  victim.some((task) => task.hasTag('restored')),
);

/** The witness that a page may be lost for good: the firmware cannot clear it. */
export const pageIsLost = sometimes<Restoring>(
  'a task has lost its page, for the firmware cannot clear it',
  ({ victim, media }) => victim.some((task) => task.hasTag('lost')) && media.some((page) => !page.context.clearable),
);

/** The witness: a task maps the page, and there is something in it. */
export const pageIsMappedAgain = sometimes<Restoring>(
  'a task maps a page that is whole again',
  ({ victim, media }) => victim[1]!.hasTag('mapped') && media[1]!.hasTag('whole'),
);

/** The witness that recovery ends at its page: what comes before the page that is refused has been written. */
export const goodPartIsWritten = sometimes<Pick<Touching, 'recoveryWrite'>>(
  'a request is served as far as the page that is refused',
  ({ recoveryWrite: [write] }) =>
    write!.context.answer === 'refused' && write!.context.page > write!.context.request.from,
);

/** The witness: the machine check has taken the page out of the kernel's mapping. */
export const pageIsHidden = sometimes<Pick<Touching, 'kernelMapping'>>(
  'the page is taken out of the mapping of the kernel',
  ({ kernelMapping }) => kernelMapping.hasTag('absent'),
);

/** The witness that a copy may end early. */
export const copyIsCut = sometimes<Pick<Touching, 'recoveryWrite'>>('a copy ends half way', ({ recoveryWrite }) =>
  recoveryWrite.some((write) => write.context.answer === 'short'),
);

/** The witness: less than a page is written where nothing has failed. */
export const partIsWritten = sometimes<Pick<Touching, 'recoveryWrite'>>(
  'less than a page is written',
  ({ recoveryWrite }) => recoveryWrite.some(({ context }) => context.answer === 'ok' && !context.request.aligned),
);

/** The witness: a page that stands in no record is written like any other. */
export const goodPageIsWritten = sometimes<Pick<Touching, 'recoveryWrite' | 'blockWrite'> & Recorded>(
  'a page that is not recorded is written',
  ({ recoveryWrite, blockWrite, badblocks: { context } }) =>
    [blockWrite, ...recoveryWrite].some(
      (write) => write.hasTag('copying') && !context.pending.includes(write.context.page),
    ),
);

/** The witness: the write that recovers a page comes to its end. */
export const recoveryEnds = sometimes<Pick<Touching, 'recoveryWrite' | 'blockWrite'> & Recorded>(
  'a page is recovered, and nobody is at work on it',
  ({ recoveryWrite, blockWrite, badblocks }) =>
    badblocks.context.pending.length === 0 && [blockWrite, ...recoveryWrite].every((write) => write.hasTag('rest')),
);

/**
 * ApplicationRecovers: a task that writes its page anew, with a request that covers it, gets it back, unless the firmware
 * cannot clear it.
 *
 * A promise of progress, said of the states in which it has failed: the write has been refused for good, or the record still
 * stands when it has succeeded.
 *
 * Why it can fail: only some writes recover (S002-11), or none; or the record is not let go of where the range ends (KB-26).
 *
 * @see dax_recovery_write(), nvdimm_clear_poison(); S002-05, S002-11, KB-26
 */
export const applicationRecovers = always<Restoring>(
  'ApplicationRecovers',
  ({ victim, media }) => !victim.some((task) => task.hasTag('lost')) || media.some((page) => !page.context.clearable),
  {
    witness: applicationIsRestored,
    about:
      'A task that writes its page anew, with a request that covers it, gets it back, unless the firmware cannot clear it.',
  },
);

/**
 * I12 NoUndefinedLoad: no task loads from its mapping what nobody has written.
 *
 * Why it can fail: a live entry asks no record. From the moment at which the poison is cleared, a load through it gives what the
 * firmware has left, and no machine check comes any more.
 *
 * @see pmem_recovery_write(), unmap_mapping_range()
 */
export const noUndefinedLoad = never<Restoring>(
  'I12 NoUndefinedLoad',
  ({ victim }) => victim.some((task) => task.hasTag('deceived')),
  { witness: pageIsMappedAgain, about: 'No task loads from its mapping what nobody has written.' },
);

/**
 * I9 NoAbsentPage: the kernel touches no page that has been taken out of its mapping.
 *
 * Why it can fail: who takes it out and who brings it back are two threads. A write that touches the data before it has cleared the
 * poison finds the page gone (KB-25), and so does one that has brought it back before the machine check took it out.
 *
 * @see set_mce_nospec(), pmem_do_write(); KB-25
 */
export const noAbsentPage = never<Touching>(
  'I9 NoAbsentPage',
  ({ recoveryWrite, blockWrite, pread }) =>
    blockWrite.hasTag('fallen') || pread.hasTag('fallen') || recoveryWrite.some((write) => write.hasTag('fallen')),
  { witness: pageIsHidden, about: 'The kernel touches no page that has been taken out of its mapping.' },
);
