import { encode } from './encode.ts';
import { Interner } from './interner.ts';
import { Projection } from './learned.ts';
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

/** What a step does to a mailbox, whatever is in it. */
type MailChange = readonly ({ readonly put: Entry } | { readonly remove: number })[];

/**
 * An actor's mailbox: its slot in the state vector, and its contents numbered as they are met.
 *
 * A step that sends need not know what waits already, only whether there is room; one that takes the first message need
 * not know the others. So a step reads such parts of a content, and what it writes is a change: then it is remembered once,
 * not once for each content.
 */
export class Mailbox {
  readonly slot: number;
  readonly rules: MailboxRules;
  readonly contents = new Interner<Mail>();
  readonly #entries = new Interner<Entry>();
  readonly #changes = new Interner<MailChange>();
  readonly #afters: number[][] = [];
  readonly #isFull = new Map<string, Projection>();

  constructor(slot: number, rules: MailboxRules) {
    this.slot = slot;
    this.rules = rules;
    this.contents.id('', () => []); // the empty mailbox is number 0
    this.#changes.id('', () => []); // and no change is change 0
  }

  /** The number of a content. */
  id(mail: Mail): number {
    return this.contents.id(mailCode(mail), () => mail);
  }

  /** The first message, as 1 + its number, or 0 where there is none. */
  readonly first = new Projection((content) => {
    const [entry] = this.contents.value(content);
    return entry === undefined ? 0 : 1 + this.#entries.id(entry.code, () => entry);
  });

  /** The message that {@link Mailbox.first} has told of. */
  entry(first: number): Entry {
    return this.#entries.value(first - 1);
  }

  /**
   * Whether, after a change, the mailbox refuses an entry. Where it refuses the change itself, it refuses this too.
   *
   * In a `fifo` mailbox it takes no more than the length and by how much the change makes it longer, so that changes which do the
   * same to the length are asked about together. It must not be worked out with either of them: on a content that has
   * nothing to remove they differ.
   */
  isFull(change: number, entry: Entry): Projection {
    const isFifo = this.rules.order === undefined || this.rules.order === 'fifo';
    const growth = this.#growth(change);
    const key = isFifo ? `${growth}` : `${change} ${entry.code}`;
    const known = this.#isFull.get(key);
    if (known) return known;
    const refuses = isFifo
      ? (content: number) => this.contents.value(content).length + growth >= this.rules.capacity
      : (content: number) => {
          // not by its number: what is only asked about is no content that has been met
          const after = this.#changed(change, content);
          return after === 'full' || put(after, entry, this.rules) === 'full';
        };
    const projection = new Projection((content) => (refuses(content) ? 1 : 0));
    this.#isFull.set(key, projection);
    return projection;
  }

  /** The number of the change that is this one and then another. */
  followedBy(change: number, next: MailChange[number]): number {
    const both = [...this.#changes.value(change), next];
    const code = both.map((each) => ('put' in each ? `+${each.put.code}` : `-${each.remove}`)).join(' ');
    return this.#changes.id(code, () => both);
  }

  /** The content that a change makes of a content in which there is room for it. */
  after(change: number, content: number): number {
    this.#afters[change] ??= [];
    this.#afters[change][content] ??= this.#apply(change, content);
    return this.#afters[change][content];
  }

  #apply(change: number, content: number): number {
    const mail = this.#changed(change, content);
    if (mail === 'full') throw new Error('a message was put into a full mailbox');
    return this.id(mail);
  }

  #changed(change: number, content: number): Mail | 'full' {
    let mail = this.contents.value(content);
    for (const each of this.#changes.value(change)) {
      const next = 'put' in each ? put(mail, each.put, this.rules) : without(mail, each.remove);
      if (next === 'full') return next;
      mail = next;
    }
    return mail;
  }

  /** By how many messages a change makes it longer; in a `fifo` mailbox only that decides whether there is room. */
  #growth(change: number): number {
    return this.#changes.value(change).reduce((sum, each) => sum + ('put' in each ? 1 : -1), 0);
  }
}
