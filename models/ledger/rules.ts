import type { Rule, Told } from './decision.ts';

/**
 * What the repaired kernel asks of v7.1, option by option (models/presets.ts): first of mount and umount, then of who handles
 * poison, then of an unplug. What comes back when a rule is dropped is found by `npm run docs`.
 */
export const rules: readonly Rule[] = [
  {
    option: 'guard',
    rule: 'Let a call in only while the file system is born and still active: ready has an upper bound too.',
    concerns: ['xfs_dax_notify_failure()', 'generic_shutdown_super()'],
    answers: ['H-01', 'KB-33'],
  },
  {
    option: 'lock',
    rule: 'Ask whether the file system is ready under s_umount, and keep the lock until you have answered: umount takes it before it takes anything away.',
    concerns: ['xfs_dax_notify_failure()', 'generic_shutdown_super()'],
    answers: ['H-01', 'KB-33'],
    note: 'Without the lock the flag of the rule above is true when it is asked and false when it is relied on.',
  },
  {
    option: 'contended',
    rule: 'Only try s_umount in the handler, and take a lock that is held for a file system that is not ready: who holds it may be waiting for you.',
    concerns: ['xfs_dax_notify_failure()'],
    answers: ['S001-18', 'KB-34'],
    note: 'A mount waits for its own handler where recovery consumes poison (`recovery-consumes-guard-waits` of failed-mount); an unbind that keeps s_umount through kill_dax() waits for a handler that waits for s_umount (below).',
  },
  {
    option: 'whenUnready',
    rule: 'Record what comes too early or too late, and replay the record when there is somebody to tell.',
    concerns: ['xfs_dax_notify_failure()', 'vfs_get_tree()'],
    answers: ['H-15', 'S001-20'],
    note: 'A queue that the mount works off does as well (`repaired-by-delay` of poison-during-mount).',
  },
  {
    option: 'lateError',
    rule: 'Put the device on every way out that comes after the registration.',
    concerns: ['xfs_alloc_buftarg()', 'fs_put_dax()'],
    answers: ['H-17'],
  },
  {
    option: 'holderOps',
    rule: 'Load holder_ops once, and call through what you have tested.',
    concerns: ['dax_holder_notify_failure()'],
    answers: ['KB-12'],
  },
  {
    option: 'holderData',
    rule: 'Look at what dax_holder() returns before you follow it: no holder is an answer.',
    concerns: ['dax_holder()', 'xfs_dax_notify_failure()'],
    answers: ['H-03'],
    beside: 'withdraws',
    note: 'Superfluous beside the two rules that follow: where the ops go first, and the data only when nobody is left who has loaded the ops, whoever has found ops finds data. It is the only one of the three that a reader can keep by itself, and what is needed if either of the others is given up.',
  },
  {
    option: 'put',
    rule: 'Withdraw a registration, wait for the readers of dax_srcu, and only then return to who frees the holder.',
    concerns: ['fs_put_dax()', 'xfs_mount_free()'],
    answers: ['H-02'],
  },
  {
    option: 'withdraws',
    rule: 'Withdraw in reverse: clear holder_ops, wait for the readers, and clear holder_data last.',
    concerns: ['fs_put_dax()', 'fs_dax_get_by_bdev()'],
    answers: ['H-03', 'KB-32'],
    note: 'The data are what the next holder waits for. Cleared first, they let it in beside the ops of the last one.',
  },
  {
    option: 'loser',
    rule: 'Who finds the device taken gives the reference back that the lookup took.',
    concerns: ['fs_dax_get_by_bdev()', 'put_dax()'],
    answers: ['H-18'],
  },
  {
    option: 'mutex',
    rule: 'Walk a file system under a lock of its own, not under one that all memory failures of the machine share.',
    concerns: ['memory_failure()', 'xfs_dax_notify_failure()'],
    answers: ['H-20'],
  },
  {
    option: 'overflow',
    rule: 'Record an event before you queue it, and read the record when the queue has been emptied.',
    concerns: ['memory_failure_queue()'],
    answers: ['H-22'],
  },
  {
    option: 'noRoom',
    rule: 'When a range has gone from a record that was full, scan again: what had no room before may have some now.',
    concerns: ['nvdimm_badblocks_populate()', 'nd_pmem_notify()'],
    answers: ['S000-27'],
    note: 'On media that cannot be scanned the record has to have room for all (`unscannable-record-overflows` of scan-and-replay).',
  },
  {
    option: 'clears',
    rule: 'Unmap a page before you clear its poison, and let nobody map it until it has been written: what is between has no content.',
    concerns: ['dax_recovery_write()', 'pmem_recovery_write()', 'unmap_mapping_range()'],
    answers: ['S002-02', 'S002-15'],
    note: 'New faults are kept out by the record, which goes last; mappings from before ask no record.',
  },
  {
    option: 'hides',
    rule: 'Take a page out of the kernel’s mapping only while it stands in the record, and not while a write is recovering it.',
    concerns: ['set_mce_nospec()', 'kill_me_maybe()', 'pmem_recovery_write()', 'pmem_do_write()'],
    answers: ['KB-25'],
  },
  {
    option: 'blockRecord',
    rule: 'Through the block layer too, drop the record of a page when its new data are in place.',
    concerns: ['pmem_do_write()'],
    answers: ['S002-15'],
  },
  {
    option: 'onError',
    rule: 'Where metadata cannot be read, look for the range in the mappings of the inodes in memory: who has mapped it is there.',
    concerns: ['xfs_dax_notify_failure()', 'xfs_trans_read_buf_map()'],
    answers: ['H-04', 'H-05'],
  },
  {
    option: 'inTransit',
    rule: 'Pass over an inode that is on its way into or out of memory: nobody maps it, and nothing is corrupt.',
    concerns: ['xfs_dax_notify_failure()', 'xfs_iget()'],
    answers: ['H-09'],
  },
  {
    option: 'whenLost',
    rule: 'When an entry has gone while you waited for its lock, go on with the next: it ends nobody else’s walk.',
    concerns: ['mf_dax_kill_procs()', 'dax_lock_mapping_entry()'],
    answers: ['H-10'],
  },
  {
    option: 'checksPage',
    rule: 'Ask under the lock of the entry whether its page lies in the range: a truncate may have put another there.',
    concerns: ['mf_dax_kill_procs()', 'dax_lock_mapping_entry()'],
    answers: ['S004-03'],
    note: 'A rule that another makes necessary. A walk kills under the lock of the AGF, which whoever frees the block needs; who looks in memory instead (`onError`) reads no AGF, and the block may be somebody else’s by the time the entry is locked.',
  },
  {
    option: 'cachedPage',
    rule: 'Before files may share a page of the page cache, ask their file system who has it: what the page says is one of its owners.',
    concerns: ['memory_failure()'],
    answers: ['S004-20', 'S004-28', 'S004-29'],
    note: 'A rule for what is to come: no kernel shares such pages. As long as a page has one owner the page is right (`P6` of page-cache-sharing).',
  },
  {
    option: 'unmaps',
    rule: 'Unmap a page that has failed, whether or not anybody is to be told early.',
    concerns: ['mf_dax_kill_procs()', 'unmap_mapping_range()'],
    answers: ['H-11'],
  },
  {
    option: 'clamp',
    rule: 'Cut a range at the end of the file system in the coordinates of the file system, after the offset of the partition is off.',
    concerns: ['xfs_dax_notify_failure()'],
    answers: ['H-25', 'KB-03'],
  },
  {
    option: 'share',
    rule: 'Change a count that two mappings share in one step; neither of their locks guards it.',
    concerns: ['dax_associate_entry()', 'dax_disassociate_entry()'],
    answers: ['H-24'],
  },
  {
    option: 'notice',
    rule: 'Tell who asked to be told by something that it cannot block.',
    concerns: ['mf_dax_kill_procs()'],
    answers: ['S000-17'],
  },
  {
    option: 'refault',
    rule: 'In a fault ask for poison before you ask whether the file system is shut down: who touches poison is to hear of poison.',
    concerns: ['dax_direct_access()'],
    answers: ['S002-04', 'KB-14'],
  },
  {
    option: 'marksDead',
    rule: 'Shut the file system down before you kill the device, if it has not shut down when it was told.',
    concerns: ['kill_dax()', 'del_gendisk()', 'fs_bdev_mark_dead()'],
    answers: ['H-06', 'H-07', 'H-23'],
  },
  {
    option: 'withoutRmap',
    rule: 'Without an rmapbt skip the walk of a removal, but not the shutdown that follows it.',
    concerns: ['xfs_dax_notify_failure()'],
    answers: ['H-06'],
    beside: 'marksDead',
    note: 'Superfluous beside the rule above: a file system that is born and active is shut down before the kill, whatever its handler answers. Either of the two is enough.',
  },
  {
    option: 'withLog',
    rule: 'Shut down when the device of the log goes, as when that of the data goes.',
    concerns: ['xfs_dax_notify_failure()'],
    answers: ['H-06', 'H-26'],
    note: 'A shutdown before the kill, whatever the handler answers, covers it but for the answer: 0 is said, and nothing has been done.',
  },
  {
    option: 'section',
    rule: 'Stay inside dax_srcu from the question whether the device is alive until the page is mapped.',
    concerns: ['dax_direct_access()', 'dax_read_lock()', 'kill_dax()'],
    answers: ['H-13'],
    beside: 'sweep',
    note: 'Superfluous for as long as the sweep waits for the lock of every entry: a fault holds that lock until it has mapped, so that the sweep takes away what comes late. With the section nothing comes late; a kernel without the sweep has nothing else to keep I8 by (`P6-section-to-insertion` of unplug-revokes).',
  },
  {
    option: 'sweep',
    rule: 'When the readers of dax_srcu have left, take away what mappings there still are, whatever the holder has answered.',
    concerns: ['kill_dax()', 'unmap_mapping_range()', 'invalidate_inode_pages2_range()'],
    answers: ['H-04', 'H-06', 'H-12'],
    note: 'By the mappings of the files, which the driver has to get from whoever knows them: a page names no more than one (`by-page` of driver-sweeps).',
  },
];

/** H-01: the flag alone is no upper bound. */
export const told: Told = {
  model: 'umount-window',
  variant: 'repaired',
  option: 'lock',
  property: 'I2 NoLateWalk',
};
