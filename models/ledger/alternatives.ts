import type { Alternative } from './decision.ts';

/**
 * Designs that were proposed while the protocol was argued out, and that the kernel does not have, or has in another form. Why
 * each was not taken is told as the discussion has it; what becomes of the protocol in it is in
 * `alternatives-report.ts`, `alternatives-holder.ts` and `alternatives-unplug.ts`.
 */
export const alternatives: readonly Alternative[] = [
  {
    id: 'V1',
    title: 'Two operations and a controller',
    proposed:
      'The disk has an operation for a block that is lost, the super block one for storage that is lost, and a structure with a callback in it is handed down to whoever finds the owners.',
    instead:
      'Replaced by one operation that is given a range. These two could not say which of the devices of a file system it was about, nor how much of it, and the reverse mapping of the realtime device is a tree of its own.',
  },
  {
    id: 'V2',
    title: 'One operation for a corrupted range, at every level',
    proposed:
      'A report climbs from the disk to the super block and from there to the address spaces, for every block device and every kind of failure.',
    instead:
      'DAX and the block layer were not to be tied together, and the way up does not lead everywhere: the number of a block device finds no file system for its realtime and log devices, and device mapper may have one block in several places. The DAX device got a holder.',
  },
  {
    id: 'V3',
    title: 'The same operation for address spaces',
    proposed:
      'Generic code that finds a bad page of the page cache asks the address space, and through it the file system, who else has it.',
    instead: 'Nothing needs it yet: no file system shares pages of the page cache between files.',
  },
  {
    id: 'V4',
    title: 'Tell when the page map has been killed',
    proposed:
      'The notifier of an unplug is called from memunmap_pages(), when no new mapping can race with it any more.',
    instead:
      'It came the other way round. A file system reads metadata to find out who maps what, and a device that is dead answers no read.',
  },
  {
    id: 'V5',
    title: 'Memory failure for every page that is mapped',
    proposed: 'An unbind with mappings left runs memory_failure() for each page frame of the device.',
    instead: 'A device has more than a thousand million of them. What was wanted is one call for the whole range.',
  },
  {
    id: 'V6',
    title: 'An unplug is a corruption of everything',
    proposed:
      'The device reports itself corrupted from its beginning to its end, and needs no other word for being unplugged.',
    instead:
      'So it was in v6.0 to v6.7. Since then a flag tells the two apart: what is unplugged can still be read, and its pages are not to be marked as poisoned.',
  },
  {
    id: 'V7',
    title: 'Walk the inodes and unmap',
    proposed:
      'Whoever receives the notice goes through the inodes of the super block and unmaps each, or drops its page cache, whatever file system it is.',
    instead:
      'It is not as generic as it looks; it races with faults, and it needs s_umount. The walk of the reverse mapping was taken, and the page cache is dropped for what it finds.',
  },
  {
    id: 'V8',
    title: 'A lock around the holder',
    proposed:
      'Whoever registers or withdraws takes a semaphore for writing, one for all devices or one for each, and whoever notifies has it for reading.',
    instead: 'A cmpxchg was taken for the data, and SRCU for the readers.',
  },
  {
    id: 'V9',
    title: 'Register only who is able',
    proposed: 'A file system that cannot look owners up, for want of a reverse mapping, does not become the holder.',
    instead:
      'XFS registers always. When it is asked and cannot say, it answers that this is not supported, and the generic path goes on.',
  },
  {
    id: 'V10',
    title: 'No holder is a success',
    proposed: 'Where nobody is registered there is nothing to report, and the notifier answers 0.',
    instead:
      'It would have taken the generic path from every file system without a holder, ext4 first. The answer is that it is not supported.',
  },
  {
    id: 'V11',
    title: 'Several holders of one device',
    proposed: 'A chain of notifiers, so that the file systems on the partitions of one disk may all be told.',
    instead: 'One device, one holder. Who comes second to a disk goes on without DAX.',
  },
  {
    id: 'V12',
    title: 'Delay what comes too early',
    proposed: 'What is reported during a mount waits until the mount is complete.',
    instead: 'Not built. The handler asks for SB_BORN, and refuses.',
  },
  {
    id: 'V13',
    title: 'Drop it and replay it',
    proposed:
      'What is reported during a mount is dropped, and user space replays it from a record when the mount is complete.',
    instead: 'Half of it came: the kernel drops. There is no interface to replay anything by.',
  },
  {
    id: 'V14',
    title: 'A word for synchronous and asynchronous',
    proposed:
      'A notification says whether somebody waits for it because he has consumed the error, or it has been found in the background.',
    instead:
      'Dropped as a word of the notification. The flags of memory_failure(), which are handed on, say whether action is required.',
  },
  {
    id: 'V15',
    title: 'Sectors, or pages',
    proposed: 'A range is given in sectors, as block devices count; or in pages, as memory does.',
    instead: 'An offset and a length in bytes: errors are smaller than either.',
  },
  {
    id: 'V16',
    title: 'Read the list of bad blocks',
    proposed:
      'Nothing is pushed. The file system looks at the list that the driver keeps, after its mount and from time to time.',
    instead:
      'The list has room for one page of records, and what it says may have changed when it is acted on. Events are pushed; the list stays with the driver.',
  },
  {
    id: 'V17',
    title: 'A flag of pwritev2() for recovery',
    proposed: 'A write clears poison only where the application asks for it by a flag of its own.',
    instead: 'Since v5.19 every write does, by a way of direct access that is known inside the kernel alone.',
  },
  {
    id: 'V18',
    title: 'An operation of its own to clear poison',
    proposed: 'The DAX device has an operation that clears a range, and the data come with the write that follows.',
    instead: 'It went into the recovery write, which clears, copies, and then drops the record.',
  },
  {
    id: 'V19',
    title: 'Something better than a signal',
    proposed:
      'An application reads from a file or a ring which of its pages have failed, instead of waiting for a signal that is optional.',
    instead: 'What comes nearest are the health monitor and the error events of file systems in v7.1.',
  },
  {
    id: 'V20',
    title: 'Refuse to unbind what is held',
    proposed: 'An unbind of a device with a holder answers -EBUSY.',
    instead: 'Dropped: a device that is pulled out does not ask.',
  },
  {
    id: 'V21',
    title: 'Write everything back first',
    proposed: 'The handler of an unplug syncs the file system and drops its page cache before it does anything else.',
    instead:
      'It came before the question whether the file system is born, without s_umount, and the device may be gone by then. A freeze and a walk were taken.',
  },
  {
    id: 'V22',
    title: 'Heed a freeze that fails',
    proposed:
      'A handler that cannot freeze, as somebody in the kernel has frozen already, gives up; or it tries again.',
    instead: 'It goes on, and logs that it could not.',
  },
  {
    id: 'V23',
    title: 'No flag: the range says enough',
    proposed: 'Whoever is told that all of a device is concerned knows by that alone that it is being unplugged.',
    instead: 'The flag was kept. Those who map a page late and the mark on good pages are why.',
  },
  {
    id: 'V24',
    title: 'The dead block device is the signal',
    proposed: 'The block layer tells the file system that its device is dead, for DAX as for anything else.',
    instead: 'The callback exists since v6.5. It comes when the DAX device has been killed.',
  },
];
