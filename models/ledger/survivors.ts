import type { Survivor } from './decision.ts';

/** Mutants of the repaired design that no property catches. `npm run mutate` holds this list to what it finds. */
export const survivors: readonly Survivor[] = [
  {
    mutants: [
      'srcu: there on reader.entered, enter: action dropped',
      'srcu: there on grace.awaited, awaitThose: action dropped',
      'task: holding on section.entered, enterSection: action dropped',
      'task: A3 and A4, permitted on entry.reached and holding on section.entered: steps swapped',
      'task: A4 and A4, holding on section.entered and asking on alive.read: effects swapped',
      'task: A4 and A5, asking on alive.read and granted on page.associated (3): effects swapped',
      'task: A4 and A7, asking on alive.read (4) and releasing on entry.left (2): effects swapped',
      'task: A5 and A6, granted on page.associated (3) and inserting on pte.inserted: effects swapped',
      'unbind: dead on grace.awaited, awaitReaders: action dropped',
      'unbind: K3 and K4, killing on alive.cleared and dead on grace.awaited: steps swapped',
      'unbind: K4 and K4, dead on grace.awaited and synchronizing on grace.passed (3): effects swapped',
      'unbind: K4 and K5, synchronizing on grace.passed (3) and withdrawing on holder.cleared (2): effects swapped',
    ],
    why: 'The grace period of kill_dax() and the section of dax_srcu that it waits for. A fault holds the lock of its entry from A3 to A7, and the sweep of the driver, which comes after the kill, takes the same lock: what the section has let through, the sweep waits for and takes away. Each of the two is enough here. Without the sweep the section is needed (P6 and P6-section-to-insertion of unplug-revokes).',
  },
  {
    mutants: [
      'unbind: markingFirst on superblock.marked, isActive: guard removed',
      'unbind: markingUntold on superblock.marked, isActive: guard removed',
      'unbind: synchronizing on grace.passed (2), isSecondLook: guard removed',
      'unbind: synchronizing on grace.passed (2), isSecondLook: guard negated',
      'unbind: deleting on disk.deleted, isMarking: guard removed',
      'unbind: deleting on disk.deleted, isMarking: guard negated',
      'unbind: unmapping on ref.killed, isToldLast: guard removed',
      'unbind: unmapping on ref.killed, isToldLast: guard negated',
    ],
    why: 'A second notification, or a second shutdown, when the file system has been shut down before the kill or is on its way out. It comes too late to change anything.',
  },
  {
    mutants: [
      'unbind: K1 and K2, removing on host.removed and asking on holder.read (2): effects swapped',
      'unbind: K5 and K6, withdrawing on holder.cleared (2) and withdrawn on device.put: effects swapped',
      'unbind: K7 and K9, deleting on disk.deleted (2) and unmapping on ref.killed (2): effects swapped',
    ],
    why: 'Steps of the driver between which nobody looks: the dax host, the inode of the device, the gendisk and the killed reference have no other user in the models of this machine.',
  },
  {
    mutants: [
      'preRemove: called on flag.read, isReady: guard removed',
      'preRemove: awaitingFreeze on freeze.answered, isGranted: guard removed',
      'preRemove: awaitingFreeze on freeze.answered (2), isClaimed: guard removed',
      'preRemove: awaitingFreeze on freeze.answered (2), isClaimed: guard negated',
      'preRemove: awaitingFreeze on freeze.answered (3), isAborted: guard removed',
      'preRemove: awaitingFreeze on freeze.answered (3), isAborted: guard negated',
      'preRemove: opening on agf.read, isWalkingInodes: guard removed',
      'preRemove: opening on agf.read, isWalkingInodes: guard negated',
      'preRemove: opening on agf.read (2), isSearching: guard removed',
      'preRemove: opening on agf.read (2), isSearching: guard negated',
      'preRemove: walking on record.found (3), isPassedOver: guard negated',
      'preRemove: thawing on kernel.thawed, isOurs: guard removed',
      'preRemove: R6 and R6, opening on agf.read (4) and walking on record.found (3): effects swapped',
      'preRemove: R6 and R8, walking on record.found and walked on shutdown.forced: effects swapped',
      'preRemove: R8 and R9, walked on shutdown.forced and thawing on kernel.thawed: effects swapped',
      'preRemove: R8 and R9, walked on shutdown.forced and thawing on kernel.thawed (2): effects swapped',
    ],
    why: 'The walk of the holder, which is the first of two: the driver sweeps what it leaves, and marks the file system dead before the kill. How the holder walks, and whether it shuts down once more, makes a difference to kernels that do neither (the variants of P6 in unplug-revokes).',
  },
  {
    mutants: [
      'revoke: unmapping on range.unmapped (3), unmap: action dropped',
      'revoke: D3 and D4, collecting on tasks.collected (2) and unmapping on range.unmapped (3): effects swapped',
      'revoke: D4 and D5, unmapping on range.unmapped (3) and telling on tasks.told: effects swapped',
    ],
    why: 'The unmapping of D4. Invalidation (R7) unmaps once more under the lock of the same entry; D4 by itself matters where nothing is invalidated (inode-walk in unplug-revokes).',
  },
  {
    mutants: [
      'handler: visited on group.unlocked, hasMoreGroups: guard removed',
      'handler: visited on nothing, hasMoreRecords: guard removed',
      'handler: visited on group.unlocked, nextGroup: action dropped',
      'handler: visited on nothing, nextRecord: action dropped',
      'handler: H11 and H6, visited on group.unlocked and advancing on agf.read (2): effects swapped',
      'handler: H11 and H6, visited on group.unlocked and advancing on agf.read (7): effects swapped',
    ],
    why: 'A walk that does not advance, or does not end. Its search does not end, or goes round in circles in which nothing forbidden happens: that the walk ends (L3) needs liveness.',
  },
  {
    mutants: [
      'handler: turnedAway on call.refused (2), isQueueing: guard removed',
      'handler: turnedAway on call.refused (2), isQueueing: guard negated',
      'handler: turnedAway on call.refused (3), isDropping: guard removed',
      'handler: turnedAway on call.refused (3), isDropping: guard negated',
      'handler: turnedAway on call.refused (4), markRecorded: action dropped',
    ],
    why: 'What becomes of a call that is turned away because s_umount is taken. Calls are turned away in the models of umount and of a failed mount, and those do not ask what becomes of the event.',
  },
  {
    mutants: [
      'handler: asking on flag.read (3), forget: action dropped',
      'handler: admitted on features.read (2), forget: action dropped',
      'handler: finishing on walk.ended (3), forget: action dropped',
    ],
    why: 'What an idle handler still remembers. The next call overwrites all of it that counts, but for a moment it can be seen.',
  },
  {
    mutants: [
      'mount: finishing on intents.recovered, isLate: guard removed',
      'mount: finishing on intents.recovered, isLate: guard negated',
    ],
    why: 'A second registration by the holder itself: the exchange finds the device taken, and the mount goes on.',
  },
  {
    mutants: ['mount: s_umount: lock removed'],
    why: "The mount's own hold on s_umount. Who is not turned away by it is told by the guard that the file system is not born.",
  },
  {
    mutants: [
      'umount: evicting on inodes.evicted, isPuttingFirst: guard removed',
      'umount: evicting on inodes.evicted, isPuttingFirst: guard negated',
    ],
    why: 'Put first or put last: with a put that drains both are right (put-first in umount-window).',
  },
  {
    mutants: [
      'umount: U1 and U2, locked on superblock.deactivated and evicting on inodes.evicted (2): effects swapped',
      'umount: U2 and U3, evicting on inodes.evicted (2) and emptied on log.unmounted: effects swapped',
      'umount: U3 and U4, quiesced on perags.freed and dying on bdev.closed (4): effects swapped',
    ],
    why: 'Steps of an umount that all lie under s_umount, which the handler tries to take before it asks anything: their order among each other is not seen. After it the guard says no.',
  },
];
