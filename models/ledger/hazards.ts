import type { Hazard } from './decision.ts';

/**
 * What the source of v7.1 (P6) seems to allow. Nobody is known to have met it: these rows are predictions, and a model finds the
 * run or refutes it.
 */
export const hazards: readonly Hazard[] = [
  {
    id: 'H-01',
    title: 'Umount takes perags and log away while SB_BORN still lets calls in',
    rule: 'Ready has an upper bound, read under a lock that teardown takes; or the registration ends first.',
    breaks: ['I2'],
  },
  {
    id: 'H-02',
    title: 'Put waits for no reader, and the mount is freed after it',
    rule: 'Withdraw, wait for the readers, free.',
    breaks: ['I2', 'I17'],
  },
  {
    id: 'H-03',
    title: 'What dax_holder() returns is used without a look',
    rule: 'No holder is an answer: not supported.',
    breaks: ['I2', 'I3'],
  },
  {
    id: 'H-04',
    title: 'After a shutdown the walk of an unplug cannot read its first AGF, so that nothing is revoked',
    rule: 'A revoke does not depend on metadata.',
    breaks: ['I7'],
  },
  {
    id: 'H-05',
    title: 'After a shutdown poison has no owner: nobody is killed, and there is no fallback',
    rule: 'As H-04.',
    breaks: ['I5', 'I12'],
  },
  {
    id: 'H-06',
    title: 'An unplug is refused in six ways, and nobody looks at the answer',
    rule: 'When the owner has not acted, the device does.',
    breaks: ['I7', 'I16'],
  },
  {
    id: 'H-07',
    title: 'A mount registers between the look for a holder and the death of the device',
    rule: 'Close the registration first, or look again after the readers are gone.',
    breaks: ['I16'],
  },
  {
    id: 'H-08',
    title: 'The death of the device clears a registration in which its owner still believes',
    rule: 'Say whose it is from when on.',
    breaks: ['I4'],
  },
  {
    id: 'H-09',
    title:
      'An inode on its way out of the cache counts as corruption: poison in an idle file shuts the file system down',
    rule: 'What nobody refers to is nobody’s loss; what is in transit is asked again.',
    breaks: ['I13'],
  },
  {
    id: 'H-10',
    title: 'One entry that is busy ends the walk for all the others',
    rule: 'Remember it, go on, come back.',
    breaks: ['I11', 'I7'],
  },
  {
    id: 'H-11',
    title: 'Where no task is to be signalled early, none is unmapped',
    rule: 'Unmap whoever is signalled.',
    breaks: ['I12'],
  },
  {
    id: 'H-12',
    title: 'A read fault passes behind the walk of an unplug and maps what has been revoked',
    rule: 'Shut down, or lock mappings, before the walk and not after it.',
    breaks: ['I8', 'I7'],
  },
  {
    id: 'H-13',
    title: 'A fault inserts its mapping outside of the section for which the death of the device waits',
    rule: 'Insert inside it, or ask again under the lock of the entry.',
    breaks: ['I8'],
  },
  {
    id: 'H-14',
    title: 'A freeze that failed is no reason to stop: the walk goes on among writers',
    rule: 'No freeze, no gate.',
    breaks: ['I8'],
  },
  {
    id: 'H-15',
    title: 'What happens during a mount is answered -EIO and remembered nowhere',
    rule: 'Queue it, or keep a record and replay it.',
    breaks: ['I5'],
  },
  {
    id: 'H-16',
    title: 'Between the two stores of a registration an event goes the generic way',
    rule: 'None needed, if it does no harm.',
    breaks: ['I6'],
  },
  {
    id: 'H-17',
    title: 'A failure late in opening the device frees the buffer target and leaves the registration',
    rule: 'Withdraw on that way out too.',
    breaks: ['I2', 'I4'],
  },
  {
    id: 'H-18',
    title: 'Who loses the race for the holder keeps a reference to the device',
    rule: 'Give it back.',
    breaks: ['I17'],
  },
  {
    id: 'H-19',
    title: 'With norecovery a file system is born on a log that nobody has replayed',
    rule: 'Ask for recovery, not for birth.',
    breaks: ['I1', 'L3'],
  },
  {
    id: 'H-20',
    title: 'One slow file system holds up memory failure for all',
    rule: 'Do not sleep on file system locks under mf_mutex.',
    breaks: ['L3'],
  },
  {
    id: 'H-21',
    title: 'The death of one device waits for readers of every other',
    rule: 'An SRCU domain for each device.',
    breaks: ['L1'],
  },
  {
    id: 'H-22',
    title: 'The queue in front of memory failure overflows and drops',
    rule: 'Keep the list of bad blocks as the record.',
    breaks: ['I5'],
  },
  {
    id: 'H-23',
    title: 'The block layer shuts the file system down only after DAX is dead, and only if it is born and active',
    rule: 'As H-06.',
    breaks: ['I16'],
  },
  {
    id: 'H-24',
    title: 'Two files count the sharers of one page under two locks',
    rule: 'One lock for one counter, or an atomic one.',
    breaks: ['I6'],
  },
  {
    id: 'H-25',
    title: 'A range that reaches over the end of a partition is cut by the measure of the device',
    rule: 'Cut in one system of coordinates.',
    breaks: ['I13'],
  },
  {
    id: 'H-26',
    title: 'Unplug of the realtime device kills the file system, unplug of the log device does nothing',
    rule: 'Decide it.',
    breaks: ['I13', 'I16'],
  },
  {
    id: 'H-27',
    title: 'The freeze of the user is thawed by an unplug that has done nothing',
    rule: 'None: it is meant so. Say it.',
    breaks: ['I15'],
  },
];
