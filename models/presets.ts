import type { Assignment, Options } from '../src/explore/model.ts';

/**
 * The kernels that the models compare, as named sets of options.
 *
 * Every option that stands for a choice between kernels is declared here, once, with all its values, however many models ask
 * about it; each says in a line where it comes from. A model declares which of them it looks at, and which of their values,
 * and takes them from a preset with {@link preset}. An option that a model has and this file has not is the model's own: a
 * mutation, a mount option, the size of a world.
 *
 * A preset says all there is to say about a kernel. P0 is written out; every other is told by its difference to the one
 * before it, as a change log would.
 */
export const kernel = {
  /** Where XFS calls fs_dax_get_by_bdev() with itself as holder (S001-06, S001-07); P0 has no holders. */
  registers: ['beforeSuperblock', 'afterRecovery', 'never'],
  /** What the handler asks before it goes on: the step of the mount that lets a call through (S001-16, KB-01, H-01, H-19). */
  guard: ['born', 'none', 'wrongWord', 'M2', 'M6', 'M8', 'M10', 'cleanLog', 'bornAndActive'],
  /** What the handler does with a call that comes too early (S001-15, S001-20, S001-28, H-15). */
  whenUnready: ['drop', 'walk', 'queue', 'record'],
  /** What an error of xfs_alloc_buftarg() after the registration leaves behind (H-17). */
  lateError: ['keepsRegistration', 'puts'],
  /** What a mount that gives up in M10 does with the intents that recovery has found (KB-37; no preset is as old as the bug). */
  abortedIntents: ['cancelled', 'kept'],
  /** H4: whether the handler asks for an rmapbt before it walks one (S000-15, S001-08). */
  asksFeatures: [true, false],
  /** The lock that the handler holds from the question whether the file system is ready to its answer (H-01, KB-33). */
  lock: ['none', 's_umount'],
  /** What the handler does about a lock that is held: it waits, or takes it for a file system that is not ready (S001-18). */
  contended: ['waits', 'isUnready'],
  /** What a walk of one file system excludes: all handling of memory failures, or its own only (H-20). */
  mutex: ['one', 'perFileSystem'],
  /** Whether the notifier tests one load of holder_ops and calls through another (KB-12). */
  holderOps: ['loadedTwice', 'loadedOnce'],
  /** Whether the handler tests what dax_holder() gives it (H-03). */
  holderData: ['unchecked', 'checked'],
  /** Whether fs_put_dax() waits for the readers of dax_srcu before it returns (S001-05, H-02). */
  put: ['plain', 'drained'],
  /** Which of its two fields fs_put_dax() clears first. With a holder to follow, the order decides what it finds (KB-32). */
  withdraws: ['dataFirst', 'opsFirst'],
  /** How a holder is installed: where there is none, or whoever there is (KB-11). */
  installs: ['ifFree', 'always', 'testedThenSet'],
  /** How it is removed: by itself, or by whoever puts (KB-11). */
  removes: ['ifOwn', 'always'],
  /** What a mount that finds the device taken does with the reference that its lookup took (H-18). */
  loser: ['keepsReference', 'dropsReference'],
  /** Whether umount ends the registration before or after it frees the perags (H-01, KB-34). */
  puts: ['last', 'first'],
  /** What a block of metadata in the range makes the handler do (S001-02, S004-25, KB-02). */
  onMetadata: ['shutAfterWalk', 'shutInWalk', 'ignore'],
  /** Whether each mapping is killed when its record is found, under the group's lock, or all from a list afterwards (S004-03). */
  kills: ['called', 'listed'],
  /** What an AGF that cannot be read costs: the rest of the walk, its group, or nothing, as inodes in memory are searched (H-04, H-05). */
  onError: ['end', 'goOn', 'searchCore'],
  /** What the handler makes of an inode that is on its way into or out of memory (H-09). */
  inTransit: ['shutDown', 'skip'],
  /** What the kill makes of an entry that has gone while its lock was waited for (H-10). */
  whenLost: ['fail', 'skip'],
  /** Whether the kill asks, with the entry in hand, if its page lies in the range (S004-03). */
  checksPage: [false, true],
  /** Whether a page is unmapped for which nobody has been collected (H-11). */
  unmaps: ['ifCollected', 'always'],
  /** When kill_dax() tells the holder that the device goes (KB-10, S003-09, S003-22, S003-33). */
  notifies: ['beforeKill', 'never', 'afterKill', 'afterPgmapKill'],
  /** What it is told: that the device is being removed (MF_MEM_PRE_REMOVE), or that all of it is corrupt (S003-18, S003-19, KB-07). */
  flag: ['preRemove', 'corruption'],
  /** What the handler of a removal closes before it walks (S003-33, H-12). */
  gate: ['freeze', 'none', 'freezeAndShutdown'],
  /** What it does without an rmapbt: -EOPNOTSUPP at once, or all but the walk (H-06). */
  withoutRmap: ['refuse', 'skipWalk'],
  /** What it does when the external log goes (H-06, H-26). */
  withLog: ['ignore', 'shutDown'],
  /** What it does when the realtime device goes (S003-28, H-06). */
  realtime: ['walked', 'refused'],
  /** When the block layer shuts the file system down because its device is dead (S003-32, H-23). */
  marksDead: ['inDelGendisk', 'never', 'beforeKill'],
  /** How far a page fault's section of dax_srcu reaches (H-13). */
  section: ['lookup', 'insertion', 'recheck'],
  /** When the driver takes mappings away by itself, whatever the holder has done (S003-05, H-06). */
  sweep: ['no', 'beforeKill', 'afterGrace'],
  /** Whether a freeze says on whose account it stands (KB-09). */
  freezes: ['separate', 'shared'],
  /** What a page says of its owner when files share it: nothing, or the first of them (S000-04). */
  sharedPage: ['unnamed', 'firstOwner'],
  /** Whom a page of the page cache belongs to: by what it says itself, or as its file system says when it is asked (S004-28). */
  cachedPage: ['byPage', 'asksOwner'],
  /** Whether the generic path goes by what the page says, or by an offset that only an owner supplies (KB-05). */
  fallback: ['byPage', 'byOwnersOffset'],
  /** Whether a page map is asked for its operations, or called through without (KB-06). */
  operationsMissing: ['asked', 'called'],
  /**
   * What a fault answers that finds its page poisoned: that, or an error like any other (KB-14, v6.6); `hwpoisonFirst` asks for
   * poison before it asks whether the file system is shut down.
   */
  refault: ['hwpoison', 'error', 'hwpoisonFirst'],
  /** How a task is told that asked to be: by a signal, which it may block, or by a queue of its own (S000-17). */
  notice: ['signal', 'queue'],
  /** Whether the last block of a range is computed from its last byte, or from the byte after it (KB-03, v6.6). */
  lastBlock: ['ofLastByte', 'ofByteAfter'],
  /** Where a range that leaves the file system ends: at its end; as far off as it was (KB-03); at the end of the device (H-25). */
  clamp: ['toEnd', 'byExcess', 'toDeviceEnd'],
  /** What becomes of an event for which memory_failure_queue() has no room (H-22). */
  overflow: ['dropped', 'recorded'],
  /** What becomes of a bad range for which the record has no room: nothing, or it is looked for again when there is some (S000-27). */
  noRoom: ['forgotten', 'rescanned'],
  /** Whether a page is cleared of poison under the mappings that it still has (S002-02, S002-15). */
  clears: ['underMappings', 'unmapped'],
  /** When the machine check takes a page out of the kernel's mapping: in any case, or if it is bad still (KB-25). */
  hides: ['onReturn', 'ifStillBad'],
  /** Whether a write through the block layer drops the record of a bad page before or after it has written it (S002-15). */
  blockRecord: ['droppedFirst', 'droppedLast'],
  /** How the count of a shared page is changed: under the lock of either mapping, or in one step (H-24). */
  share: ['perMapping', 'atomic'],
  /** Which reference a walk drops that stops on an error; the iterator has taken an active one (KB-13, v7.0-rc2). */
  groupError: ['dropsActive', 'dropsPassive'],
  /** A report on the leg of a layer: unheard; passed up as it came; or passed up as what it means there (S003-27). */
  stack: ['silent', 'passes', 'translates'],
  /** What a file system makes of a removal that it could survive (S003-28, S003-31, H-26). */
  unneeded: ['shutDown', 'goOn'],
  /** Whether a file system that hears of a dead block device shuts down, or asks what it has lost (S003-31). */
  deadDisk: ['shutsDown', 'asks'],
} as const satisfies Options;

/** The life of a registration: how its holder is loaded, tested and withdrawn. Whoever asks about both ends of one asks about all four. */
export const registration = {
  holderOps: kernel.holderOps,
  holderData: kernel.holderData,
  put: kernel.put,
  withdraws: kernel.withdraws,
} as const;

/** A value for every option: one kernel. */
export type Kernel = Assignment<typeof kernel>;

/** v5.19 and before: nobody holds a DAX device; memory_failure() knows tasks by page->mapping alone. */
const P0: Kernel = {
  registers: 'never',
  guard: 'none',
  whenUnready: 'walk',
  lateError: 'keepsRegistration',
  abortedIntents: 'cancelled',
  asksFeatures: true,
  lock: 'none',
  contended: 'waits',
  mutex: 'one',
  holderOps: 'loadedTwice',
  holderData: 'unchecked',
  put: 'plain',
  withdraws: 'dataFirst',
  installs: 'ifFree',
  removes: 'ifOwn',
  loser: 'keepsReference',
  puts: 'last',
  onMetadata: 'ignore',
  kills: 'called',
  onError: 'end',
  inTransit: 'skip',
  whenLost: 'fail',
  checksPage: false,
  unmaps: 'ifCollected',
  notifies: 'never',
  flag: 'corruption',
  gate: 'none',
  withoutRmap: 'refuse',
  withLog: 'shutDown',
  realtime: 'refused',
  marksDead: 'never',
  section: 'lookup',
  sweep: 'no',
  freezes: 'shared',
  sharedPage: 'firstOwner',
  cachedPage: 'byPage',
  fallback: 'byPage',
  operationsMissing: 'asked',
  refault: 'error',
  notice: 'signal',
  lastBlock: 'ofByteAfter',
  clamp: 'byExcess',
  overflow: 'dropped',
  noRoom: 'forgotten',
  clears: 'underMappings',
  hides: 'onReturn',
  blockRecord: 'droppedFirst',
  share: 'perMapping',
  groupError: 'dropsActive',
  stack: 'silent',
  unneeded: 'shutDown',
  deadDisk: 'shutsDown',
};

/** v12 of the series, as mail 001 reviews it: XFS registers before it reads its superblock, and asks nothing when called. */
const P1: Kernel = {
  ...P0,
  registers: 'beforeSuperblock',
  notifies: 'beforeKill',
  sharedPage: 'unnamed',
  fallback: 'byOwnersOffset',
  operationsMissing: 'called',
};

/** v6.0-rc1: the handler asks whether the file system is born, and looks in the wrong word (KB-01). */
const P2a: Kernel = { ...P1, guard: 'wrongWord', whenUnready: 'drop', onMetadata: 'shutInWalk' };

/** v6.0: it looks in the right one. */
const P2b: Kernel = { ...P2a, guard: 'born', fallback: 'byPage', operationsMissing: 'asked' };

/** v6.1 to v6.7: a shutdown waits for the end of the walk. */
const P3: Kernel = { ...P2b, onMetadata: 'shutAfterWalk', inTransit: 'shutDown' };

/**
 * v6.8 to v6.13: an unplug is told apart from a failure (MF_MEM_PRE_REMOVE). The block layer's own shutdown and the two
 * accounts of a freeze came a little earlier (v6.5, v6.6).
 */
const P4: Kernel = {
  ...P3,
  flag: 'preRemove',
  gate: 'freeze',
  withLog: 'ignore',
  marksDead: 'inDelGendisk',
  freezes: 'separate',
  refault: 'hwpoison',
  lastBlock: 'ofLastByte',
  clamp: 'toDeviceEnd',
};

/** v6.14 to v7.0: realtime groups are walked too. */
const P5: Kernel = { ...P4, realtime: 'walked', groupError: 'dropsPassive' };

/** v7.1, the kernel that the source was read in. */
const P6: Kernel = { ...P5, groupError: 'dropsActive' };

/** Next: holder_ops is loaded once. */
const P7: Kernel = { ...P6, holderOps: 'loadedOnce' };

/** What is left when every run that the models find has been taken away, each by an ordering rule. */
const repaired: Kernel = {
  ...P7,
  // Ready has an upper bound too, and umount takes the lock under which the question is asked (H-01).
  guard: 'bornAndActive',
  lock: 's_umount',
  // But nobody waits for it: mount and umount hold it for long, and may wait for the handler themselves (S001-18).
  contended: 'isUnready',
  // What comes too early or too late is left in a record, from which it is replayed when there is somebody to tell (H-15).
  whenUnready: 'record',
  // Who fails after the registration takes it back (H-17).
  lateError: 'puts',
  // A slow file system holds up nobody's failures but its own (H-20).
  mutex: 'perFileSystem',
  holderData: 'checked',
  put: 'drained',
  // A registration is withdrawn in reverse: nobody is left with its ops when the next holder's data come (KB-32).
  withdraws: 'opsFirst',
  // Who loses the race for a device lets go of it (H-18).
  loser: 'dropsReference',
  // What cannot be read does not hide who has mapped it (H-04, H-05), nor does a moment's absence mean corruption (H-09, H-10).
  onError: 'searchCore',
  inTransit: 'skip',
  whenLost: 'skip',
  checksPage: true,
  // Nobody keeps a mapping of a page that has failed (H-11).
  unmaps: 'always',
  // Whoever has been told that the device is alive has mapped it, or given up, when kill_dax() has waited (H-13). Then, with no
  // new mapping to come, the driver takes away what is left, whatever the holder has done (H-04, H-06, H-12).
  section: 'insertion',
  sweep: 'afterGrace',
  // No owner that cannot do without its device goes on when it is killed (H-06, H-23, H-26).
  withoutRmap: 'skipWalk',
  withLog: 'shutDown',
  marksDead: 'beforeKill',
  // What ends a range is computed in one system of coordinates (H-25).
  clamp: 'toEnd',
  // Whoever has asked to be told is, and whoever touches poison hears of poison, whatever else is wrong (S000-17, S002-04).
  notice: 'queue',
  refault: 'hwpoisonFirst',
  // Every event stands in a record too, which is read when the queue has been emptied (H-22).
  overflow: 'recorded',
  // A record that has been full is filled again from the media when there is room (S000-27).
  noRoom: 'rescanned',
  // What has been cleared of poison has no content until it is written: nobody maps it, reads it or takes it away meanwhile.
  clears: 'unmapped',
  hides: 'ifStillBad',
  blockRecord: 'droppedLast',
  // What one page in the cache says is no list of all who have it (S004-29).
  cachedPage: 'asksOwner',
  // Files that share a page count themselves in one step (H-24).
  share: 'atomic',
  // What befalls a part is said of the part, in the words of those above it, and nobody dies of what he can do without.
  stack: 'translates',
  unneeded: 'goOn',
  deadDisk: 'asks',
};

export const presets = { P0, P1, P2a, P2b, P3, P4, P5, P6, P7, repaired } as const;
type Preset = keyof typeof presets;

/** What a preset says about the options of a model: `option: { ...preset('P6', options), daemon: 'eager' }`. */
export function preset<const O extends Options>(
  name: Preset,
  options: O,
): { readonly [K in keyof O & keyof Kernel]: O[K][number] } {
  const chosen = Object.entries(presets[name]).filter(([option]) => Object.hasOwn(options, option));
  return Object.fromEntries(chosen) as { readonly [K in keyof O & keyof Kernel]: O[K][number] };
}
