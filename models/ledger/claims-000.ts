import type { Claim } from './decision.ts';

/** The mail, by the prefix of its rows. */
export const mails: Readonly<Record<string, string>> = {
  S000: 'Williams answers Chinner, February 2020: who owns the error, and in which units',
};

/** What it claims of the protocol, one row for each claim that can be told apart, in our words. */
export const claims: readonly Claim[] = [
  {
    id: 'S000-01',
    who: 'Chinner',
    claim: 'A file system hears of errors in its own range and of no others.',
    expects: 'Safe when the partition is accounted for; otherwise the wrong inode is acted on.',
  },
  {
    id: 'S000-02',
    who: 'Chinner',
    claim: 'Page-cache pages need no file system: each says itself to which file and offset it belongs.',
    expects: 'Safe while a page has one owner.',
  },
  {
    id: 'S000-03',
    who: 'Chinner',
    claim: 'When memory of the kernel itself fails, everything is over.',
    expects: '–',
    undecidable: 'a terminal state, outside of every model',
  },
  {
    id: 'S000-04',
    who: 'Williams to Chinner',
    claim: 'Whoever unmaps a failed page without the help of mm finds its place through page->index.',
    expects: 'Unsafe by the generic path once a page has two owners: the second keeps its mapping.',
  },
  {
    id: 'S000-05',
    who: 'Chinner',
    claim: 'The device turns a physical address into an offset of its own before the file system is called.',
    expects: 'Safe; a wrong translation acts on other blocks.',
  },
  {
    id: 'S000-06',
    who: 'Chinner',
    claim: 'The file system asks its reverse mapping for every owner of the range.',
    expects: 'Safe after recovery, unsafe before.',
  },
  {
    id: 'S000-07',
    who: 'Chinner',
    claim: 'For file data the record leads to an inode and an offset, which is all that killing needs.',
    expects:
      'Safe if an inode that is not in core has no mappings; a lookup that fails for a moment shuts down for nothing.',
  },
  {
    id: 'S000-08',
    who: 'Chinner',
    claim: 'A shared block has one record for each file that shares it.',
    expects: 'Safe; unsafe for a walk that is content with the first.',
  },
  {
    id: 'S000-09',
    who: 'Chinner',
    claim: 'For each of them, collect the processes that map it and kill them.',
    expects: 'Unsafe where one owner can end the walk for the rest.',
  },
  {
    id: 'S000-10',
    who: 'Chinner',
    claim: 'With that, nothing about owners need be kept in struct page.',
    expects: 'Unsafe as long as anything falls back to the generic path.',
  },
  {
    id: 'S000-11',
    who: 'Williams',
    claim: 'The DAX layer must tell memory_failure() when an owner takes over, so that the generic path stays away.',
    expects: 'Both acting signals twice; neither acting loses the event.',
  },
  {
    id: 'S000-12',
    who: 'Williams',
    claim: 'What decides between the two paths is whether some file system owns the device.',
    expects: 'Before registration the generic path is harmless; during put it is not clear.',
  },
  {
    id: 'S000-13',
    who: 'Williams',
    claim: 'mapping and index stay in struct page for file systems that cannot answer, ext4 first.',
    expects: 'Unsafe where "no holder" counts as success; safe where it means "not supported".',
  },
  {
    id: 'S000-14',
    who: 'Williams',
    claim: 'ext4 cannot look owners up as XFS can.',
    expects: '–',
    undecidable: 'a fact about another file system, which models take as given',
  },
  {
    id: 'S000-15',
    who: 'Williams',
    claim: 'A reverse mapping may be missing, and it may not yet be stable: the first design leaned on neither.',
    expects: 'Unsafe if only its presence is asked.',
  },
  {
    id: 'S000-16',
    who: 'Williams',
    claim: 'XFS replaces the generic path where it can, and declines where it cannot.',
    expects: 'Safe if it declines before it has done anything.',
  },
  {
    id: 'S000-17',
    who: 'Williams',
    claim: 'If it replaces it, it should offer more than an action-optional SIGBUS.',
    expects: 'That signal can be blocked and goes to few; only the next access tells everybody.',
  },
  {
    id: 'S000-18',
    who: 'Williams',
    claim: 'Not every device can be scanned for errors, so the file system has to be told of them.',
    expects: 'By polling alone an error is known when it is consumed.',
  },
  {
    id: 'S000-19',
    who: 'Chinner',
    claim: 'A file system talks to the DAX abstraction and never to a driver.',
    expects: '–',
    undecidable: 'layering: true of every model by construction',
  },
  {
    id: 'S000-20',
    who: 'Chinner',
    claim: 'What is peculiar to pmem stays hidden from the file system.',
    expects: '–',
    undecidable: 'layering: true of every model by construction',
  },
  {
    id: 'S000-21',
    who: 'Williams',
    claim: 'The part that is missing is how a notification arrives at any moment it likes.',
    expects: 'The handler must have an answer in every phase of its mount; while it unmounts it has none.',
  },
  {
    id: 'S000-22',
    who: 'Chinner',
    claim: 'The DAX layer listens for memory errors and calls the file system.',
    expects: 'Safe: what comes before a registration goes the generic way.',
  },
  {
    id: 'S000-23',
    who: 'Chinner',
    claim: 'Sector, length and errno are all the file system has to be given.',
    expects: 'Not enough for unplug, where the device is going but can still be read.',
  },
  {
    id: 'S000-24',
    who: 'Chinner',
    claim: 'To catch, filter and translate machine checks is the business of the device.',
    expects: 'A wrong translation in the device acts on other blocks.',
  },
  {
    id: 'S000-25',
    who: 'Chinner',
    claim: 'The same three values serve block devices without DAX.',
    expects: 'No task consumes such an error, so only optional action or a shutdown has a meaning.',
  },
  {
    id: 'S000-26',
    who: 'Chinner',
    claim: 'Once told, a file system can begin to repair by itself.',
    expects: 'Safe only with the order of recovery, and with readers kept out.',
  },
  {
    id: 'S000-27',
    who: 'Williams',
    claim: 'Drivers already keep a list of bad blocks; what is missing is a way to it.',
    expects: 'A list makes lost events good, unless it overflows or is read too early.',
  },
  {
    id: 'S000-28',
    who: 'Williams',
    claim: 'Errors of a DAX device are smaller than a sector, so sectors are the wrong unit.',
    expects: 'Rounding outwards is safe, inwards is not.',
  },
  {
    id: 'S000-29',
    who: 'Williams',
    claim: 'The natural unit is a byte offset into the device.',
    expects: 'Safe if the file system subtracts where its partition starts.',
  },
  {
    id: 'S000-30',
    who: 'Williams',
    claim: 'How much is lost with a bad byte is for the file system to say.',
    expects: 'Safe for whatever contains the reported range.',
  },
  {
    id: 'S000-31',
    who: 'Williams',
    claim: 'The DAX layer should not learn about block devices for this.',
    expects: 'Safe with a holder; the ways that begin at a block device have windows of their own.',
  },
];
