import type { Row } from './behaviour.ts';
import type { Trace } from './learned.ts';
import { type Entry, type Mailbox, put } from './mailbox.ts';
import type { MessageId } from './messages.ts';
import type { Message, QueueRules } from './model.ts';
import type { Taken } from './property.ts';
import { SpecError } from './spec-error.ts';
import type { Instance, Numbered } from './system.ts';
import type { ActorRef, Outcome } from './verdict.ts';

/** Deliveries in one cascade after which it is called endless. */
const maxDeliveries = 1_000;

/** A message that somebody should have taken, and did not. */
export interface Unhandled {
  readonly who: ActorRef;
  readonly message: Message;
  readonly why: 'not taken' | 'mailbox full';
}

/** How a cascade ended: it ran to its end, it is not enabled, or it is a verdict. */
export type Result = 'done' | 'refused' | Unhandled;

/** One way in which a step may go: the choices are made, and the cascade runs on a copy of what it touches. */
export class Way {
  readonly outcomes: Outcome[] = [];
  readonly taken: Taken[] = [];
  readonly #system: Numbered;
  readonly #trace: Trace;
  readonly #script: readonly number[];
  readonly #picks: { readonly pick: number; readonly of: number }[] = [];
  readonly #written = new Map<number, number>();
  readonly #rows: Row[] = [];
  #deliveries = 0;

  constructor(system: Numbered, trace: Trace, script: readonly number[]) {
    this.#system = system;
    this.#trace = trace;
    this.#script = script;
  }

  /** Takes the next choice of the script, or the first possibility. */
  choose(possible: readonly Outcome[]): Outcome {
    const pick = this.#script[this.#picks.length] ?? 0;
    this.#picks.push({ pick, of: possible.length });
    const outcome = possible[pick]!;
    this.outcomes.push(outcome);
    return outcome;
  }

  /** The script of the next combination, counting like an odometer; `null` after the last. */
  nextScript(): number[] | null {
    const last = this.#picks.findLastIndex(({ pick, of }) => pick + 1 < of);
    if (last === -1) return null;
    return this.#picks.slice(0, last + 1).map(({ pick }, i) => (i === last ? pick + 1 : pick));
  }

  /** The actor takes the message: its row is applied, then what it emits is delivered, depth first. */
  take(instance: Instance, message: MessageId, row: Row): Result {
    this.taken.push({ ...instance.ref, message: this.#system.messages.value(message) });
    this.write(instance.slot, row.next);
    this.#rows.push(row);
    for (const emitted of row.emits) {
      const { how, to, rules, entries } = this.#system.delivery(instance, emitted);
      for (const [i, receiver] of to.entries()) {
        if (++this.#deliveries > maxDeliveries) throw this.#endless();
        const result = how === 'queue' ? this.#send(receiver, entries[i]!, rules) : this.#hand(receiver, emitted, how);
        if (result !== 'done') return result;
      }
    }
    return 'done';
  }

  /** A call or a rendezvous. */
  #hand(receiver: Instance, message: MessageId, how: 'call' | 'rendezvous'): Result {
    const row = receiver.behaviour.row(this.#read(receiver.slot), message);
    if (row !== null) return this.take(receiver, message, row);
    if (how === 'rendezvous') return 'refused';
    return { who: receiver.ref, message: this.#system.messages.value(message), why: 'not taken' };
  }

  /** A queued send, with what may go wrong with it. */
  #send(receiver: Instance, entry: Entry, rules: QueueRules): Result {
    const mailbox = receiver.mailbox!;
    const possible: Outcome[] = ['delivered'];
    if (rules.lose === true) possible.push('lost');
    if (rules.duplicate === true) possible.push('twice');
    const outcome = possible.length === 1 ? 'delivered' : this.choose(possible);
    for (let copy = outcome === 'lost' ? 0 : outcome === 'twice' ? 2 : 1; copy > 0; copy--) {
      if (this.#put(mailbox, entry)) continue;
      if (rules.full === 'fail') return { who: receiver.ref, message: entry.message, why: 'mailbox full' };
      if (rules.full !== 'drop') return 'refused';
    }
    return 'done';
  }

  /** Whether there was room. */
  #put(mailbox: Mailbox, entry: Entry): boolean {
    const written = this.#written.get(mailbox.slot) ?? ~0;
    if (written >= 0) {
      const mail = put(mailbox.contents.value(written), entry, mailbox.rules);
      if (mail !== 'full') this.write(mailbox.slot, mailbox.id(mail));
      return mail !== 'full';
    }
    if (this.#trace.read(mailbox.slot, mailbox.isFull(~written, entry)) === 1) return false;
    this.write(mailbox.slot, ~mailbox.followedBy(~written, { put: entry }));
    return true;
  }

  /** The local state of an actor, as the cascade has left it. */
  #read(slot: number): number {
    return this.#written.get(slot) ?? this.#trace.read(slot);
  }

  write(slot: number, content: number): void {
    this.#written.set(slot, content);
  }

  writes(): number[] {
    return [...this.#written].flat();
  }

  /** Called for steps that are taken: what they did is no longer untried. */
  markCovered(): void {
    for (const row of this.#rows) this.#system.covered.add(row);
  }

  #endless(): SpecError {
    const last = this.taken.slice(-6).map(({ message, actor }) => `${message.type} to ${actor}`);
    return new SpecError('endless cascade of calls', {
      code: 'E-CASCADE',
      where: `the step that starts with ${this.taken[0]!.message.type} of ${this.taken[0]!.actor}`,
      why: `it was not over after ${maxDeliveries} deliveries; it goes round in … ${last.join(', then ')} …`,
      instead: 'a queue somewhere on the way round, or a state in which the message is answered no more',
    });
  }
}
