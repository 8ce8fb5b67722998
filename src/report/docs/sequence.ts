import type { ActorRef, Run, RunStep, Sent, Verdict } from '../../explore/verdict.ts';
import { changes, delayText } from '../change.ts';
import { actorNames, messageText } from '../text.ts';
import { drawable, messageLabel, Names } from './mermaid.ts';

/**
 * A run as a sequence diagram of Mermaid: a lane for each actor that does something in it, a note for each step, an arrow for
 * each message. What is queued arrives when its receiver takes it, in a step of its own.
 */
export function sequenceDiagram(run: Run, verdict: Verdict): readonly string[] | undefined {
  const name = actorNames(run.initial);
  const lanes = lanesOf(run);
  const names = new Names('sequence');
  const ids = new Map(lanes.map((ref) => [keyOf(ref), names.of(wordsOf(ref, name(ref)))]));
  const id = (ref: ActorRef): string => ids.get(keyOf(ref))!;
  return drawable([
    'sequenceDiagram',
    ...lanes.map((ref) => {
      const [own, shown] = [id(ref), messageLabel(name(ref))];
      return `  participant ${own}${own === shown ? '' : ` as ${shown}`}`;
    }),
    ...run.steps.flatMap((step, i) => [
      `  Note over ${id(step.label)}: ${noteOf(step, i + 1)}`,
      ...step.sent.map((sent) => `  ${id(sent.from)}${arrowOf(sent)}${id(sent.to)}: ${messageLabel(sentText(sent))}`),
    ]),
    `  Note over ${[...new Set([id(lanes[0]!), id(lanes.at(-1)!)])].join(',')}: ${messageLabel(endOf(run, verdict, name), 200)}`,
  ]);
}

const keyOf = ({ actor, self }: ActorRef): string => JSON.stringify([actor, self]);

const wordsOf = ({ actor, self }: ActorRef, shown: string): string[] =>
  shown === actor ? [actor] : [actor, String(self)];

/** Those who take a step, send or receive, in the order of the model; where nobody does, the first. */
function lanesOf({ initial, steps, ends }: Run): ActorRef[] {
  const seen = new Set([
    ...steps.flatMap(({ label, sent }) => [label, ...sent.flatMap(({ from, to }) => [from, to])]).map(keyOf),
    ...(ends.at === 'unhandled' ? [keyOf(ends.who)] : []),
  ]);
  const lanes = initial.filter((view) => seen.has(keyOf(view)));
  return lanes.length > 0 ? lanes : initial.slice(0, 1);
}

/** The number of the step, what is taken and why, and what becomes of the actor. */
function noteOf({ label: taken, changed }: RunStep, number: number): string {
  const { cause, message, outcomes } = taken;
  const what = cause === 'delay' ? delayText(message.type) : messageText(message);
  const how = {
    spontaneous: '',
    delay: '',
    mailbox: ` (from the mailbox${outcomes.includes('stays') ? ', where it stays' : ''})`,
    loss: ' (lost in the mailbox)',
  }[cause];
  const own = changed.find(({ after }) => keyOf(after) === keyOf(taken));
  const lines = own === undefined ? [] : changes(own.before, own.after).filter((line) => !line.startsWith('mail'));
  return [
    `${number}. ${messageLabel(what)}${how}`,
    ...lines.slice(0, MOST_LINES).map((line) => messageLabel(line.replaceAll(' -> ', ' → '))),
  ].join('<br/>');
}

/** How many lines of a note say what has changed; the run in words has all of them. */
const MOST_LINES = 2;

/** A full head where the receiver takes it at once, an open one where it is put into the mailbox, a cross where it is not. */
const arrowOf = ({ how, outcome }: Sent): string => {
  if (how !== 'queue') return '->>';
  return outcome === 'lost' || outcome === 'dropped' ? '-x' : '-)';
};

function sentText({ message, how, outcome }: Sent): string {
  const fate = outcome === undefined || outcome === 'delivered' ? '' : ` (${outcome})`;
  return `${messageText(message)}${how === 'rendezvous' ? ' (rendezvous)' : fate}`;
}

function endOf({ ends }: Run, { property, of }: Verdict, name: (ref: ActorRef) => string): string {
  if (ends.at === 'unhandled') {
    const message = messageText(ends.message);
    return ends.why === 'not taken' ? `${name(ends.who)} does not take ${message}` : `no room for ${message}`;
  }
  if (of === 'deadlock') return 'deadlock';
  return `${property} is false ${ends.at === 'step' ? 'of this step' : 'here'}`;
}
