import type { Survivor } from './decision.ts';

/** Mutants of the repaired design that no property catches. `npm run mutate` holds this list to what it finds. */
export const survivors: readonly Survivor[] = [
  {
    mutants: [
      'dispatch: P5 and P5, asking on operations.called (2) and calling on frame.translated: effects swapped',
      'driver: K0 and K9, bound on driver.unbound and killing on ref.killed: effects swapped',
    ],
    why: 'The owner is told in the step that asks for the operation, and the reference is killed in the step that begins the unbind. The page map is held before as after, and no verdict of any variant of pgmap-lifetime changes.',
  },
  {
    mutants: ['file: open on entry.taken, isKill: guard removed'],
    why: '`visited` is kept for the invariants alone. That a truncate or a fault counts as a visit too makes them ask for less, and they hold all the same.',
  },
  {
    mutants: [
      'generic: P7 and P7, looking on mapping.read and protected on entry.read: effects swapped',
      'generic: P7 and P7, locked on mapping.reread and confirmed on page.marked: effects swapped',
    ],
    why: 'The generic path locks the entry in the step that loads page->mapping, which closes the window that `not-rechecked` leaves open (I13 Blast holds there with it), or marks the page in the step that looks at the mapping again. It holds the mutex all the time.',
  },
  {
    mutants: ['handler: translated on agf.read (5), unlock: action dropped'],
    why: 'The way out of a handler that finds the file system shut down. The repaired one does not take it, but searches the inodes in memory (H-05); unplug-and-poison-together does, which leaves that to the handler of the unplug, and there is no lock in it. No verdict of any variant changes.',
  },
  {
    mutants: ['holder: looking on host.found, isAlive: guard removed'],
    why: 'Whether the device is alive that a mount has found. The repaired removal marks the disk dead before it kills the device, which waits for a mount that is under way and lets no other begin. In kernels that do not (P3, P6, P7 of claim-and-kill) I3 WholePair is broken without the question.',
  },
  {
    mutants: ['holder: put1 and put2, withdrawing on data.exchanged and clearing on ops.cleared: effects swapped'],
    why: 'The ops are cleared in the step that asks whose registration it is, and not in the step after it. Between the two nothing happens but in the thread that puts, and the wait for readers comes after both. No verdict of any variant changes.',
  },
  {
    mutants: ['mount: M8 and M8, locating on log.read and scanning on log.scanned: effects swapped'],
    why: 'Pass 1 of the recovery is over in the step that finds that it is needed. What it reads is used by pass 2 alone; a log that has been scanned is as stale as one that has not. No verdict of any variant changes.',
  },
  {
    mutants: [
      'range: P5 and P5, reported on device.translated and translated on unit.rounded: steps swapped',
      'range: P5 and H2, translated on unit.rounded and rounded on partition.subtracted: steps swapped',
    ],
    why: 'Two steps of the computation that may be done in either order: the repaired interface counts in lines, so that there is nothing to round. Of the other variants only the verdicts of `sectors-inward` change with it.',
  },
  {
    mutants: [
      'revoke: D3 and D4, collecting on tasks.collected (2) and unmapping on range.unmapped (3): effects swapped',
    ],
    why: 'Who maps the page is unmapped in the step that collects them. The entry stays locked, so that nobody maps in between, and they are told after it as before. No verdict of any variant of the unplug models changes.',
  },
  {
    mutants: ['task: A3 and A4, permitted on entry.reached and holding on section.entered: steps swapped'],
    why: 'A fault waits for the entry inside dax_srcu instead of before it. Nobody who has locked an entry waits for the readers of dax_srcu, so that no circle closes; a slow holder of one entry would hold up the kill of every device. No verdict of any variant of the unplug models changes.',
  },
  {
    mutants: ['umount: U2 and U3, evicting on inodes.evicted (2) and emptied on log.unmounted: effects swapped'],
    why: 'The log is unmounted in the step in which the last inode has gone, and not in the one after it: the two have no step of anybody between them that could tell, as both lie under s_umount. Where the put comes in between (`put-first` of umount-window) U3 LogBeforePerags is broken.',
  },
  {
    mutants: ['unbind: K7 and K9, deleting on disk.deleted (2) and unmapping on ref.killed (2): effects swapped'],
    why: 'The page map is killed in the step that deletes a disk which has been marked dead before. A memory_failure() that comes then is refused one step earlier, and nobody else asks; that the block layer still needs the page map is what teardown-order is about (KB-27).',
  },
  {
    mutants: ['unbind: holder.read: wait removed'],
    why: 'The wait of K2 for s_umount is that of two-devices, where an unbind is made to hold it. Not to wait is what the kernel does; no verdict of any variant changes without it.',
  },
  {
    mutants: ['scan: entry.awaited: wait removed'],
    why: 'A scan that does not sleep looks again and again until the entry is unlocked. Nothing but time tells the two apart, in any variant of locked-entries.',
  },
  {
    mutants: ['mount: s_umount: lock removed'],
    why: "The mount's own hold on s_umount. Who is not turned away by it is told by the guard that the file system is not born, and by the put, which waits, that it is not freed. The one verdict that changes is a deadlock that goes (`recovery-consumes-guard-waits` of failed-mount): to wait for this lock is wrong, to try it is superfluous.",
  },
  {
    mutants: [
      'blockWrite: W6 and W6, copying on front.copied (2) and halfway on back.copied (2): effects swapped',
      'recoveryWrite: V2 and V2, copying on front.copied (3) and halfway on back.copied (2): effects swapped',
    ],
    why: 'Which half of a page is copied first. A page is whole when both have been.',
  },
  {
    mutants: ['recoveryWrite: copying on front.copied (2), writeFront: action dropped'],
    why: 'Half a page that is written where nothing has failed: a page that is whole stays so, whether or not it has been written over.',
  },
  {
    mutants: [
      'media: sound on poison.cleared, isKept: guard removed',
      'media: sound on poison.cleared, isKept: guard negated',
    ],
    why: 'What the firmware makes of a page that has no poison any more. Under the lock of the inode nobody clears such a page, and one that is half written is written again in full.',
  },
  {
    mutants: [
      'victim: consuming on failure.returned, unmap: action dropped',
      'victim: P8 and P9, consuming on failure.returned and returning on check.ended (2): effects swapped',
    ],
    why: 'That memory_failure() unmaps a page, and when. The repaired recovery unmaps it once more before it clears it; for who is told it is the question of who-is-told.',
  },
  {
    mutants: ['report: asking on owner.asked (3), fail: action dropped'],
    why: 'The answer -EIO. Only a daemon waits for answers, and a daemon that sleeps until the mount never gets this one.',
  },
  {
    mutants: ['firmware: watching on error.raised (2), isRecording: guard removed'],
    why: 'Firmware that records where nobody asks it to: more is recorded.',
  },
  {
    mutants: ['scrub: media.scanned: wait removed'],
    why: 'A scan that does not wait for news looks again and again, and finds the same. Nothing but time tells the two apart.',
  },
  {
    mutants: [
      'opening: M0 and M0, opening on bdev.opened and opened on superblock.created: effects swapped',
      'opening: M1 and M2, openingLog on log.opened and reading on superblock.read: steps swapped',
    ],
    why: 'A mount takes s_umount while it is still at the disk, which is the order in which a report takes the two; or it reads the superblock before it has closed the door of the log. Neither makes anybody wait for the other.',
  },
  {
    mutants: ['notice: finishing on nothing, isRecordingFirst: guard negated'],
    why: 'A range that is written into the record a second time: it stands there once.',
  },
  {
    mutants: [
      'registrar: idle on get.called, isLocking: guard removed',
      'registrar: idle on put.called, isLocking: guard removed',
    ],
    why: 'A lock around what is safe without one: it does no harm, as whoever puts has nothing in hand that a callback needs.',
  },
  {
    mutants: ['pin: using on use.over (2), isLast: guard removed'],
    why: 'To wake where nobody need be woken does no harm: who is woken asks again, and sleeps again.',
  },
  {
    mutants: ['client: found on nothing, isMapping: guard removed'],
    why: 'A task that maps nothing from the beginning is there in partitions alone, for the file system that goes without DAX, and is asked for its page.',
  },
  {
    mutants: ['relay: lock: lock removed', 'relay: idle on failure.notified, note: action dropped'],
    why: 'A report that takes the lock of the table (repaired-locked-report in stack-assembly) need not: what it climbs through is kept by dax_srcu. And there it has one block to be about.',
  },
  {
    mutants: ['relay: sending on target.called (3), forget: action dropped'],
    why: 'What an idle relay still remembers: the next call overwrites it.',
  },
  {
    mutants: ['upper: root on filesystem.shut, shut: action dropped'],
    why: 'The callback for a dead disk, in a repaired kernel whose handler has shut down before. It makes a difference where the handler does nothing (P6-log and log-found-by-number in unplug-of-a-part).',
  },
  {
    mutants: ['upper: idle on notification.asked, note: action dropped'],
    why: 'Which of several holders is called, which that holder knows.',
  },
  {
    mutants: [
      'holder: clearing on ops.cleared, isDraining: guard removed',
      'holder: clearing on ops.cleared (2), isOpsFirst: guard removed',
      'holder: clearing on ops.cleared (2), isOpsFirst: guard negated',
      'holder: put1 and put2, withdrawing on data.exchanged (2) and clearing on ops.cleared (3): effects swapped',
      'notifier: resolved on ops.called, isLoadedAlready: guard removed',
    ],
    why: 'Only in holder-lock repaired-locked is there a repaired kernel that does without these repairs: a lock around the registration does their work. To drain besides, to clear the ops first, or to load them once makes no difference under it, which is what that model says of the lock.',
  },
  {
    mutants: [
      'failure: locked on pgmap.read, noteOperations: action dropped',
      'failure: P3 and P5, locked on pgmap.read and pinned on range.sent (2): effects swapped',
    ],
    why: 'A page map without operations, as before the first patch of patch-series: memory_failure() then asks the layers all the same, none of which is there, is told that this is not supported, and goes the generic way as it would have done at once.',
  },
];
