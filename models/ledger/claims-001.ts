import type { Claim } from './decision.ts';

/** The mail, by the prefix of its rows. */
export const mails: Readonly<Record<string, string>> = {
  S001: 'Williams answers Chinner on v12 of the XFS handler, April 2022: when may the notification run',
};

/** What it claims of the protocol, one row for each claim that can be told apart, in our words. */
export const claims: readonly Claim[] = [
  {
    id: 'S001-01',
    who: 'Ruan',
    claim: 'A reverse mapping finds files and metadata alike.',
    expects: 'Safe if metadata leads to a shutdown.',
  },
  {
    id: 'S001-02',
    who: 'Ruan',
    claim: 'For the time being processes are killed and metadata is left alone.',
    expects: 'Unsafe.',
  },
  {
    id: 'S001-03',
    who: 'Ruan',
    claim: 'First the files are looked up, then those who use them are told.',
    expects: 'Safe while the AGF stays locked.',
  },
  {
    id: 'S001-04',
    who: 'Ruan, patch',
    claim: 'A registration is withdrawn by the one in whose name it was made.',
    expects: 'By anybody else it stays behind: unsafe.',
  },
  {
    id: 'S001-05',
    who: 'Ruan, patch',
    claim: 'On the way out: flush, withdraw, free.',
    expects: 'That order is not enough: a callback under way has to be waited for.',
  },
  {
    id: 'S001-06',
    who: 'Ruan, patch',
    claim: 'Registration is part of opening the block device.',
    expects: 'Unsafe without a guard; safe with one, or when it comes after recovery.',
  },
  {
    id: 'S001-07',
    who: 'Chinner',
    claim: 'From then on callbacks may come, and the superblock has not been read.',
    expects: 'Reachable.',
  },
  {
    id: 'S001-08',
    who: 'Chinner',
    claim: 'At that moment nobody knows whether this is an XFS at all.',
    expects: 'The handler runs, but declines for want of a feature word; without that question unsafe.',
  },
  {
    id: 'S001-09',
    who: 'Chinner',
    claim: 'A notification right after registration runs the handler in this condition.',
    expects: 'As S001-08.',
  },
  {
    id: 'S001-10',
    who: 'Chinner',
    claim: 'Addresses cannot be translated before the superblock is known and checked.',
    expects: 'As S001-08.',
  },
  {
    id: 'S001-11',
    who: 'Chinner',
    claim: 'No transaction, not even an empty one, before the log is recovered.',
    expects: 'A guard at the perags or at the log is still unsafe.',
  },
  {
    id: 'S001-12',
    who: 'Chinner',
    claim: 'There are no perags yet to walk.',
    expects: 'Unsafe without a guard.',
  },
  {
    id: 'S001-13',
    who: 'Chinner',
    claim: 'The reverse mapping may be inconsistent until recovery is over.',
    expects: 'A guard between replay and intents is unsafe.',
  },
  {
    id: 'S001-14',
    who: 'Chinner',
    claim: 'A stale tree may contain a cycle in which a walk never ends.',
    expects: 'A walk that never ends, in v12.',
  },
  {
    id: 'S001-15',
    who: 'Chinner',
    claim: 'Notifications must wait until the file system is mounted.',
    expects: 'Safe if they are worked off after birth, and thrown away when the mount fails.',
  },
  {
    id: 'S001-16',
    who: 'Chinner',
    claim: 'Ready means mounted, structures set up, and recovery complete.',
    expects: 'Each part is needed; birth stands for all of them.',
  },
  {
    id: 'S001-17',
    who: 'Williams',
    claim: 'Errors will come in two ways: consumed by somebody, or found in the background.',
    expects: 'Both must be modelled; only the first has somebody who needs an answer.',
  },
  {
    id: 'S001-18',
    who: 'Williams',
    claim: 'The first way may fire in the middle of recovery.',
    expects: 'Safe with the guard; without it the handler waits for what recovery holds.',
  },
  {
    id: 'S001-19',
    who: 'Williams',
    claim: 'The second would be a daemon that compares what a scan found and tells whom it concerns.',
    expects: 'Needs an interface that does not exist.',
  },
  {
    id: 'S001-20',
    who: 'Williams',
    claim: 'A file system that is not ready may drop a notification.',
    expects: 'Safe for the walk; the event is lost unless somebody has it on record.',
  },
  {
    id: 'S001-21',
    who: 'Williams',
    claim: 'Nobody can be owed a SIGBUS before the mount is done.',
    expects: 'True of file data; says nothing of metadata.',
  },
  {
    id: 'S001-22',
    who: 'Williams',
    claim: 'User space replays what is pending once the mount is done.',
    expects: 'Before birth it is dropped again; after it, safe.',
  },
  {
    id: 'S001-23',
    who: 'Williams',
    claim: 'The aim is that the file system knows the state the hardware is in.',
    expects: 'By level, losses and repetitions do no harm; by edge they do.',
  },
  {
    id: 'S001-24',
    who: 'Ruan, patch',
    claim: 'What the handler answers is handed on to whoever notified.',
    expects: 'Every answer but one keeps the generic path away.',
  },
  {
    id: 'S001-25',
    who: 'Ruan, patch',
    claim: 'The walk goes from group to group and ends at the first AGF that cannot be read.',
    expects: 'Unsafe: who maps blocks of later groups is never told.',
  },
  {
    id: 'S001-26',
    who: 'Ruan, patch',
    claim: 'The last block is computed from start plus length.',
    expects: 'One block too many, and past the end of the device.',
  },
  {
    id: 'S001-27',
    who: 'Ruan, patch',
    claim: 'Where the kernel is built without memory failure or DAX there is no handler.',
    expects: 'Safe by the generic path, unless pages are shared.',
  },
  {
    id: 'S001-28',
    who: 'Chinner and Williams',
    claim: 'They do not agree: should what comes early be delayed, or dropped and replayed?',
    expects: 'Both are safe for the walk; only delay keeps the event without help.',
  },
];
