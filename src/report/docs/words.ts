import { match } from 'ts-pattern';
import { isSameActor } from '../../explore/actor-ref.ts';
import type { ActorRef, Run, RunStep, Sent } from '../../explore/verdict.ts';
import { changes, delayText } from '../change.ts';
import { actorNames, messageText } from '../text.ts';
import { code } from './markdown.ts';

/** How much of a message or of a change stands in a sentence. */
const LONGEST = 300;

/** A run told in sentences, as a numbered list of Markdown: who takes what and why, what that changes, what is sent. */
export function runInWords(run: Run): string {
  const name = actorNames(run.initial);
  return run.steps.map((step, i) => `${i + 1}. ${stepInWords(step, name)}`).join('\n');
}

type Namer = (ref: ActorRef) => string;

function stepInWords({ label, sent, changed }: RunStep, name: Namer): string {
  const who = code(name(label));
  const own = changed.find(({ after }) => isSameActor(after, label));
  const others = changed.filter(({ after }) => !isSameActor(after, label));
  const does = match(label.cause)
    .with('spontaneous', () => `${who} takes ${told(messageText(label.message))}`)
    .with(
      'mailbox',
      () => `${who} takes ${told(messageText(label.message))} from its mailbox${sender(label.from, name)}`,
    )
    .with('delay', () => `${who}: ${told(delayText(label.message.type))} is over`)
    .with('loss', () => `${who} loses ${told(messageText(label.message))} from its mailbox`)
    .exhaustive();
  const stays = label.outcomes.includes('stays') ? ', where it stays' : '';
  const becomes = own === undefined ? '' : `: ${changes(own.before, own.after).map(told).join(', ')}`;
  const sentences = [
    `${does}${stays}${becomes}`,
    ...sent.map((one) => `${isSameActor(one.from, label) ? 'It' : code(name(one.from))} ${sentInWords(one, name)}`),
    ...others.map(({ before, after }) => `${code(name(after))}: ${changes(before, after).map(told).join(', ')}`),
  ];
  return `${sentences.join('. ')}.`;
}

const told = (text: string): string => code(text, LONGEST);

const sender = (from: ActorRef | undefined, name: Namer): string =>
  from === undefined ? '' : `, from ${code(name(from))}`;

function sentInWords({ message, to, how, outcome }: Sent, name: Namer): string {
  const what = `${told(messageText(message))} to ${code(name(to))}`;
  if (how !== 'queue') return `${how === 'call' ? 'calls' : 'meets'} ${code(name(to))}: ${told(messageText(message))}`;
  return match(outcome)
    .with('lost', () => `sends ${what}, and it is lost`)
    .with('dropped', () => `sends ${what}, which drops it: its mailbox is full`)
    .with('twice', () => `sends ${what}, where it arrives twice`)
    .with('delivered', undefined, () => `sends ${what}`)
    .exhaustive();
}
