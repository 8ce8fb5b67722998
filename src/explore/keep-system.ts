import { type Asked, type Behaviour, type LocalId, localCode } from './behaviour.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import { type Saved, type Texts, unlike } from './kept.ts';
import type { Entry, Mail, Mailbox } from './mailbox.ts';
import type { MessageId } from './messages.ts';
import type { Message } from './model.ts';
import type { Numbered } from './system.ts';

/**
 * States are made of the numbers of what slots hold, which are given in order of discovery. So what is kept of a system is
 * what it takes to give everything its number again: messages and mail as text, and of each machine all that XState was
 * asked, with the answers. On resuming XState is asked all of it once more, in that order, and has to answer the same:
 * no snapshot is ever read from a file.
 */
export function textsOf(system: Numbered): Texts[] {
  const { messages } = system;
  return [
    { name: 'messages', size: messages.size, text: (i) => encode(messages.value(i), 'message') },
    ...machinesOf(system).flatMap(([actor, behaviour]): Texts[] => [
      { name: answersTo(actor), size: behaviour.log.length, text: (i) => answerText(behaviour.log[i]!) },
      { name: statesOf(actor), size: behaviour.locals.size, text: (i) => codeOf(system, behaviour, i) },
    ]),
    ...mailboxesOf(system).map(([name, { contents }]): Texts => {
      return { name, size: contents.size, text: (i) => mailText(contents.value(i)) };
    }),
  ];
}

/**
 * Gives everything the number that it had.
 *
 * @param system one that has just been compiled
 * @throws Refused where XState, or a mailbox, does not make of it what it made before
 */
export function restoreSystem(system: Numbered, saved: Pick<Saved, 'where' | 'texts'>): void {
  const { messages } = system;
  restoreTexts(saved, 'messages', messages, (text) => messages.id(decode(text) as Message, saved.where));
  for (const [actor, behaviour] of machinesOf(system)) {
    for (const text of saved.texts(answersTo(actor))) {
      const n = behaviour.log.length;
      askAgain(behaviour, decode(text) as Answer);
      const asked = behaviour.log[n];
      if (asked === undefined || answerText(asked) !== text)
        throw unlike(saved.where, `asked once more, the machine of ${actor} does not answer ${text}`);
    }
    restoreTexts(saved, statesOf(actor), behaviour.locals, (text, i) =>
      i < behaviour.locals.size && codeOf(system, behaviour, i) === text ? i : -1,
    );
  }
  for (const [name, mailbox] of mailboxesOf(system))
    restoreTexts(saved, name, mailbox.contents, (text) => mailbox.id(mailOf(system, decode(text) as MailCode)));
}

/** Restores what texts stand for, one after the other; each has to be given its number, and there must be no more. */
function restoreTexts(
  saved: Pick<Saved, 'where' | 'texts'>,
  name: string,
  all: { readonly size: number },
  restore: (text: string, i: number) => number,
): void {
  let i = 0;
  for (const text of saved.texts(name)) {
    if (restore(text, i) !== i) throw unlike(saved.where, `${name}: ${text} is not number ${i}`);
    i++;
  }
  if (i !== all.size) throw unlike(saved.where, `${name}: ${i} were kept, and there are ${all.size}`);
}

/** The rows of each machine's table that steps took: a digit for everything that was asked. */
export const coveredOf = ({ covered, ...system }: Numbered): string[] =>
  machinesOf(system).map(([, { log }]) =>
    log.map((asked) => ('row' in asked && asked.row && covered.has(asked.row) ? '1' : '0')).join(''),
  );

export function restoreCovered({ covered, ...system }: Numbered, digits: readonly string[]): void {
  for (const [machine, [, { log }]] of machinesOf(system).entries()) {
    for (const [i, asked] of log.entries())
      if (digits[machine]![i] === '1' && 'row' in asked && asked.row) covered.add(asked.row);
  }
}

/** By machine, all that was asked and the answers: {@link coveredOf} has a digit for each. */
export const answersOf = (system: Pick<Numbered, 'instances'>): string[][] =>
  machinesOf(system).map(([, { log }]) => log.map(answerText));

/**
 * Asks XState what another thread has asked of it, and takes over which rows steps took there.
 *
 * @returns an answer that is another one here, if there is one
 */
export function takeOver(
  { covered, ...system }: Numbered,
  answers: readonly (readonly string[])[],
  digits: readonly string[],
): string | null {
  for (const [machine, [, behaviour]] of machinesOf(system).entries()) {
    for (const [i, text] of answers[machine]!.entries()) {
      const [at, asked] = decode(text) as Answer;
      const row = typeof asked === 'string' ? null : behaviour.row(at, asked);
      const here: Asked =
        typeof asked === 'string'
          ? { at, delay: asked, spent: behaviour.spend(at, asked) }
          : { at, message: asked, row };
      if (answerText(here) !== text) return text;
      if (row !== null && digits[machine]![i] === '1') covered.add(row);
    }
  }
  return null;
}

type Answer = readonly [at: LocalId, asked: MessageId | string, ...answer: unknown[]];

function answerText(asked: Asked): string {
  const answer: Answer =
    'spent' in asked
      ? [asked.at, asked.delay, asked.spent]
      : [asked.at, asked.message, ...(asked.row ? [asked.row.next, asked.row.emits, asked.row.transitions] : [])];
  return encode(answer, 'answer');
}

function askAgain(behaviour: Behaviour, [at, asked]: Answer): void {
  if (at >= behaviour.locals.size) return; // which is then found to be no answer
  if (typeof asked === 'string') behaviour.spend(at, asked);
  else behaviour.row(at, asked);
}

const codeOf = ({ messages }: Numbered, behaviour: Behaviour, local: LocalId): string =>
  localCode(behaviour.locals.value(local), messages, behaviour.name);

/** Mail as data. */
export type MailCode = readonly (readonly [Message, from: number, mayBeLost: boolean, whenTaken: Entry['whenTaken']])[];

export const mailText = (mail: Mail): string => `[${mail.map(({ code }) => code).join()}]`;

export function mailOf({ messages }: Numbered, code: MailCode): Mail {
  return code.map(([message, from, mayBeLost, whenTaken]): Entry => {
    const known = messages.value(messages.id(message, 'mailbox'));
    return {
      message: known,
      from,
      mayBeLost,
      whenTaken,
      code: encode([message, from, mayBeLost, whenTaken], 'mailbox'),
    };
  });
}

const answersTo = (actor: string): string => `answers to ${actor}`;
const statesOf = (actor: string): string => `states of ${actor}`;

/** One table for each actor: replicas share it. */
export const machinesOf = ({ instances }: Pick<Numbered, 'instances'>): (readonly [actor: string, Behaviour])[] =>
  instances.flatMap(({ ref, behaviour }) => (ref.self === 0 ? [[ref.actor, behaviour] as const] : []));

export const mailboxesOf = ({ instances }: Numbered): (readonly [name: string, Mailbox])[] =>
  instances.flatMap(({ name, mailbox }) => (mailbox ? [[`mail of ${name} (${mailbox.slot})`, mailbox] as const] : []));
