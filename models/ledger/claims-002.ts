import type { Claim } from './decision.ts';

/** The mail, by the prefix of its rows. */
export const mails: Readonly<Record<string, string>> = {
  S002: 'Hellwig answers Williams, November 2021: how the application recovers',
};

/** What it claims of the protocol, one row for each claim that can be told apart, in our words. */
export const claims: readonly Claim[] = [
  {
    id: 'S002-01',
    who: 'Williams',
    claim: 'Access through mmap has no good way to report an error, with DAX or without.',
    expects: '–',
    undecidable: 'a judgement of an interface',
  },
  {
    id: 'S002-02',
    who: 'Hellwig',
    claim: 'What a store through a shared mapping means for an error is an old nightmare.',
    expects: 'A store never clears a record.',
  },
  {
    id: 'S002-03',
    who: 'Hellwig',
    claim: 'And it has nothing to do with the flag that is proposed.',
    expects: '–',
    undecidable: 'scope of the discussion',
  },
  {
    id: 'S002-04',
    who: 'Williams',
    claim: 'Processes get SIGBUS, action required or optional, when memory fails.',
    expects: 'Not all: late-kill tasks hear nothing before they touch, and a final error code tells only who consumed.',
  },
  {
    id: 'S002-05',
    who: 'Williams',
    claim: 'They recover by reading and writing with system calls.',
    expects: 'Safe and live if a plain write clears.',
  },
  {
    id: 'S002-06',
    who: 'Williams',
    claim: 'Better instructions would leave the interrupt on load much as it is.',
    expects: '–',
    undecidable: 'about processors that do not exist',
  },
  {
    id: 'S002-07',
    who: 'Hellwig',
    claim: 'An exception table for user space would do, as the kernel has for its own accesses.',
    expects: 'It reaches the task that touches, and no other.',
  },
  {
    id: 'S002-08',
    who: 'Williams',
    claim: 'DAX may leave the block layer, but it keeps needing read and write where the kernel has to help.',
    expects: 'One writer at a time, under the lock of the inode.',
  },
  {
    id: 'S002-09',
    who: 'Williams',
    claim: 'That help will be needed for ever.',
    expects: '–',
    undecidable: 'a forecast',
  },
  {
    id: 'S002-10',
    who: 'Hellwig',
    claim: 'Nobody needs to take pmem off the read and write path.',
    expects: '–',
    undecidable: 'agreement on scope',
  },
  {
    id: 'S002-11',
    who: 'Hellwig',
    claim: 'An ordinary write should clear an error, as it does on any other storage.',
    expects: 'With a flag, an application that does not know it never recovers.',
  },
  {
    id: 'S002-12',
    who: 'Williams',
    claim: 'The flag would be of use elsewhere too.',
    expects: '–',
    undecidable: 'nothing in the text can be tested',
  },
  {
    id: 'S002-13',
    who: 'Williams',
    claim: 'It would let a driver fail less than the whole request.',
    expects: 'Recovery stays within aligned pages.',
  },
  {
    id: 'S002-14',
    who: 'Hellwig',
    claim: 'How would it?',
    expects: '–',
    undecidable: 'a question',
  },
  {
    id: 'S002-15',
    who: 'the thread',
    claim: 'Recovery clears the poison, writes the data and drops the record, with readers kept out.',
    expects: 'The record last is safe; before the data it is not.',
  },
  {
    id: 'S002-16',
    who: 'the thread',
    claim: 'What goes wrong on the way leaves the record where it is.',
    expects: 'A write that is refused is safe, one that goes on is not.',
  },
];
