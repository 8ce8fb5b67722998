import type { Behaviour, LocalId } from '../behaviour.ts';
import { decode } from '../decode.ts';
import { encode } from '../encode.ts';
import type { Agree } from '../interner.ts';
import { type MailCode, machinesOf, mailboxesOf, mailOf, mailText } from '../keep-system.ts';
import type { Mailbox } from '../mailbox.ts';
import type { MessageId } from '../messages.ts';
import type { Message } from '../model.ts';
import type { Numbered } from '../system.ts';
import { type LogMemory, logMemory, SharedTexts } from './shared-log.ts';

/** Several threads have come to different results: the specification is impure, or Holdfast is wrong. */
export class Disagreement extends Error {}

export interface AgreementMemory {
  readonly messages: LogMemory;
  readonly contents: LogMemory;
}

export const agreementMemory = (): AgreementMemory => ({ messages: logMemory(), contents: logMemory() });

/** A local state as what was asked of a machine when it was met; what a mailbox holds as text. */
type Entry =
  | readonly [machine: number, at: LocalId, asked: MessageId | string]
  | readonly [mailbox: number, mail: MailCode];

/**
 * Sees to it that what slots hold has one number in all threads, each of which has compiled the system for itself.
 *
 * Whoever meets something new reads first what the others have met, and writes it down if it is new to them too. Nothing but
 * messages and mail is read as it was written: a local state is asked of XState, as it was by the thread that met it.
 *
 * Two logs, because messages are met in the middle of an evaluation, where XState cannot be asked anything else.
 */
export class Agreement {
  readonly #system: Numbered;
  readonly #messages: SharedTexts;
  readonly #contents: SharedTexts;
  readonly #machines: readonly Behaviour[];
  readonly #mailboxes: readonly Mailbox[];
  #copiesMessages = false;
  #copiesContents = false;

  constructor(system: Numbered, memory: AgreementMemory) {
    this.#system = system;
    this.#messages = new SharedTexts(memory.messages);
    this.#contents = new SharedTexts(memory.contents);
    this.#machines = machinesOf(system).map(([, behaviour]) => behaviour);
    this.#mailboxes = mailboxesOf(system).map(([, mailbox]) => mailbox);
    system.messages.agree(this.#onMessage);
    for (const [i, { locals }] of this.#machines.entries()) {
      locals.agree = (look, insert, _, from) =>
        this.#onContent(look, insert, () => [i, ...(from as readonly [LocalId, MessageId | string])]);
    }
    for (const [i, { contents }] of this.#mailboxes.entries()) {
      contents.agree = (look, insert) =>
        this.#onContent(look, insert, (id) => [i, decode(mailText(contents.value(id))) as MailCode]);
    }
  }

  /** The system is this thread's alone again. */
  end(): void {
    this.#system.messages.agree(undefined);
    for (const { locals } of this.#machines) locals.agree = undefined;
    for (const { contents } of this.#mailboxes) contents.agree = undefined;
  }

  /** Takes over what other threads have met. */
  sync(): void {
    const { end } = this.#contents;
    this.#syncMessages(); // which were written before the contents that they are in
    for (let text = this.#contents.next(end); text !== undefined; text = this.#contents.next(end)) {
      this.#copiesContents = true;
      try {
        this.#copy(decode(text) as Entry, text);
      } finally {
        this.#copiesContents = false;
      }
    }
  }

  #copy(entry: Entry, text: string): void {
    const { messages } = this.#system;
    const table = entry.length === 3 ? this.#machines[entry[0]]!.locals : this.#mailboxes[entry[0]]!.contents;
    const { size } = table;
    const met = messages.size;
    let id: number | undefined;
    if (entry.length === 2) id = this.#mailboxes[entry[0]]!.id(mailOf(this.#system, entry[1]));
    else if (typeof entry[2] === 'string') id = this.#machines[entry[0]]!.spend(entry[1], entry[2]);
    else id = this.#machines[entry[0]]!.row(entry[1], entry[2])?.next;
    if (id !== size || table.size !== size + 1 || messages.size !== met)
      throw new Disagreement(`${text} is not number ${size} in another thread`);
  }

  #syncMessages(): void {
    const { messages } = this.#system;
    const { end } = this.#messages;
    for (let code = this.#messages.next(end); code !== undefined; code = this.#messages.next(end)) {
      const { size } = messages;
      this.#copiesMessages = true;
      try {
        if (messages.id(decode(code) as Message, 'message') !== size)
          throw new Disagreement(`the message ${code} is not number ${size} in another thread`);
      } finally {
        this.#copiesMessages = false;
      }
    }
  }

  readonly #onMessage: Agree = (look, insert, code) => {
    if (this.#copiesMessages) return insert();
    return this.#messages.locked(() => {
      this.#syncMessages();
      const known = look();
      if (known !== undefined) return known;
      const id = insert();
      this.#messages.append(code);
      return id;
    });
  };

  #onContent(look: () => number | undefined, insert: () => number, entry: (id: number) => Entry): number {
    if (this.#copiesContents) return insert();
    this.sync(); // most of it, so that the others need not wait
    const known = look();
    if (known !== undefined) return known;
    return this.#contents.locked(() => {
      this.sync();
      const now = look();
      if (now !== undefined) return now;
      const id = insert();
      this.#contents.append(encode(entry(id), 'contents'));
      return id;
    });
  }
}
