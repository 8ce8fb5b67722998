import type { ActorView } from '../explore/verdict.ts';
import { changes, delayText, valueText } from '../report/change.ts';
import type { ActorData } from '../report/html/page-data.ts';
import { messageText, safe } from '../report/text.ts';
import { actorName, type GraphView, type SentView, type StepView } from './graph-view.ts';

/** Words for what a step is and does, short enough to be drawn: whatever comes from a model is clipped. */

/** How much of a text is shown where there is little room, and where there is much. */
export const LITTLE = 40;
const MUCH = 300;

export function clip(text: string, most = MUCH): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** A name as it is shown: everything that is not seen as itself is written as an escape. */
export const shown = (name: string, most = MUCH): string => clip(safe(name.slice(0, most + 1)), most);

export const nameOf = (actor: ActorData, most = LITTLE): string => shown(actorName(actor), most);

export const messageOf = (message: StepView['message'], most = MUCH): string => clip(messageText(message), most);

/** What an actor does to begin a step. */
export function triggerText({ cause, message }: StepView, most = MUCH): string {
  const isUnnamed = cause === 'delay' && /^xstate\.after\./.test(message.type);
  return clip(isUnnamed ? delayText(message.type) : messageText(message), most);
}

export const CAUSES = {
  spontaneous: 'by itself',
  mailbox: 'from its mailbox',
  delay: 'a delay fires',
  loss: 'lost in the mailbox',
} as const;

export function sentText({ how, outcome }: SentView): string {
  if (outcome === 'lost') return 'lost';
  if (outcome === 'dropped') return 'dropped: the mailbox is full';
  if (outcome === 'twice') return 'queued twice';
  return how === 'queue' ? 'queued' : how;
}

export const stateText = ({ value }: ActorView, most = MUCH): string => clip(valueText(value), most);

/** `before -> after` with an arrow; what is before it may have one of its own. */
export function arrowed(line: string): string {
  const at = line.lastIndexOf(' -> ');
  return at === -1 ? line : `${line.slice(0, at)} → ${line.slice(at + 4)}`;
}

/** What is not as it was, a line for each thing. */
export const changeLines = (before: ActorView, after: ActorView, most = MUCH): string[] =>
  changes(before, after).map((line) => clip(line, most));

/** What a step does, in a few words: for a list of what else could happen. */
export function effectText(graph: GraphView, from: number, step: StepView): string {
  if (step.unhandled !== undefined) {
    const who = nameOf(graph.actors[step.unhandled.who]!);
    const what = messageOf(step.unhandled.message, LITTLE);
    return step.unhandled.why === 'not taken' ? `${who} does not take ${what}` : `no room for ${what} at ${who}`;
  }
  const changed = graph.changed(from, step.to);
  const own = changed.includes(step.slot)
    ? changeLines(graph.view(from, step.slot), graph.view(step.to, step.slot)).map(arrowed)[0]
    : undefined;
  const others = changed.filter((slot) => slot !== step.slot).map((slot) => nameOf(graph.actors[slot]!));
  const parts = [...(own === undefined ? [] : [own]), ...(others.length === 0 ? [] : [`changes ${others.join(', ')}`])];
  return clip(parts.join('; ') || 'changes nothing', 160);
}
