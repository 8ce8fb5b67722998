import { canonical, encode } from './encode.ts';
import { type Agree, Interner } from './interner.ts';
import type { Message } from './model.ts';
import { SpecError } from './spec-error.ts';

/** The number of a message with its payload. One numbering for the whole system. */
export type MessageId = number;

/** Every message of a system, numbered as it is met: equal payloads, equal numbers. */
export class Messages {
  readonly #interner = new Interner<Message>();
  /** The canonical objects themselves, so that a message that was handed out is known again without encoding it. */
  readonly #known = new WeakMap<Message, MessageId>();

  get size(): number {
    return this.#interner.size;
  }

  /** From now on other threads give messages the same numbers. */
  agree(agree: Agree | undefined): void {
    this.#interner.agree = agree;
  }

  /**
   * @param where who speaks, for the error
   * @throws SpecError where it is no message, or its payload is not plain data
   */
  id(message: Message, where: string): MessageId {
    if (typeof message?.type !== 'string') throw noMessage(where);
    const known = this.#known.get(message);
    if (known !== undefined) return known;
    const code = encode(message, `${where}: message "${message.type}"`);
    return this.#interner.id(code, (id) => {
      const kept = canonical(message);
      this.#known.set(kept, id);
      return kept;
    });
  }

  /** The canonical, frozen message. */
  value(id: MessageId): Message {
    return this.#interner.value(id);
  }
}

export const noMessage = (where: string): SpecError =>
  new SpecError('what is emitted is no message', {
    code: 'E-NO-MESSAGE',
    where,
    why: 'it has no "type" that is a string, so no wire could be named for it',
    instead: "emit({ type: 'door.opened' }), with a payload beside the type where there is one",
  });
