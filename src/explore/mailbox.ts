import { encode } from './encode.ts';
import type { Interner } from './interner.ts';
import type { MailboxRules, Message, QueueRules } from './model.ts';

/** A message that waits, with what it may suffer while it does. */
export interface Entry {
  readonly message: Message;
  /** The sender's number in the system, in `perSender` mailboxes; otherwise -1, so that it is no part of the state. */
  readonly from: number;
  readonly mayBeLost: boolean;
  /** What happens when it is taken: it leaves, it may stay, it stays. */
  readonly whenTaken: 'leaves' | 'may stay' | 'stays';
  /** Equal for entries that are equal. */
  readonly code: string;
}

export type Mail = readonly Entry[];

export function entryOf(message: Message, from: number, order: MailboxRules['order'], rules: QueueRules): Entry {
  const sender = order === 'perSender' ? from : -1;
  const mayBeLost = rules.lose === 'later';
  const whenTaken = rules.duplicate === 'later' ? 'may stay' : rules.duplicate === 'forever' ? 'stays' : 'leaves';
  const code = encode([message, sender, mayBeLost, whenTaken], 'mailbox');
  return { message, from: sender, mayBeLost, whenTaken, code };
}

/** The mail with one more message in it, or `full`. */
export function put(mail: Mail, entry: Entry, { capacity, order = 'fifo' }: MailboxRules): Mail | 'full' {
  if (order === 'unordered' && entry.whenTaken !== 'leaves' && mail.some(({ code }) => code === entry.code))
    return mail;
  const before = order === 'perSender' ? mail.filter(({ from }) => from === entry.from).length : mail.length;
  if (before >= capacity) return 'full';
  switch (order) {
    case 'fifo':
      return [...mail, entry];
    case 'perSender': {
      // kept sorted by sender, so that the order of arrival between senders is no part of the state
      const behind = mail.findLastIndex(({ from }) => from <= entry.from) + 1;
      return mail.toSpliced(behind, 0, entry);
    }
    case 'unordered':
      return [...mail, entry].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  }
}

/** The places of the messages that are offered to the actor. */
export function offered(mail: Mail, order: MailboxRules['order']): number[] {
  switch (order ?? 'fifo') {
    case 'fifo':
      return mail.length > 0 ? [0] : [];
    case 'perSender':
      return mail.flatMap(({ from }, i) => (mail[i - 1]?.from === from ? [] : [i]));
    case 'unordered':
      return distinct(mail);
  }
}

/** The places of the messages that may be lost. Of equal ones in an `unordered` mailbox it does not matter which. */
export function losable(mail: Mail, order: MailboxRules['order']): number[] {
  const places = order === 'unordered' ? distinct(mail) : mail.map((_, i) => i);
  return places.filter((i) => mail[i]!.mayBeLost);
}

const distinct = (mail: Mail): number[] => mail.flatMap(({ code }, i) => (mail[i - 1]?.code === code ? [] : [i]));

export const without = (mail: Mail, place: number): Mail => mail.toSpliced(place, 1);

export const mailCode = (mail: Mail): string => mail.map(({ code }) => code).join(' ');

/** An actor's mailbox: its slot in the state vector, and its contents numbered as they are met. */
export interface Mailbox {
  readonly slot: number;
  readonly rules: MailboxRules;
  readonly contents: Interner<Mail>;
}

/** The number of a mailbox's content. */
export const mailId = (mailbox: Mailbox, mail: Mail): number => mailbox.contents.id(mailCode(mail), () => mail);
