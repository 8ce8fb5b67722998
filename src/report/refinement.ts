import type { Counterexample, Refinement, SeenEvent, Stood } from '../explore/refine.ts';
import type { Run } from '../explore/verdict.ts';
import { changes } from './change.ts';
import { columns, wrap } from './columns.ts';
import { finalViews, runLines } from './run.ts';
import type { Screen } from './screen.ts';
import { actorNames, count, messageText, plural, safe } from './text.ts';
import { limitText } from './words.ts';

const INDENT = 4;
/** How much is named of what was seen, and of what could have been. */
const NAMED = 8;

/** In one line: whether what is called `own` refines what is called `other`. Both are safe to be shown. */
export function refinementText(refinement: Refinement, own: string, other: string): string {
  switch (refinement.kind) {
    case 'refines':
      return `${own} refines ${other} (${count(refinement.stats.pairs)} pairs of states, all there are)`;
    case 'vacuous':
      return `${own} refines ${other}, vacuously: nothing that is observed ever happens in it`;
    case 'refuted':
      return `${own} does not refine ${other}: after ${plural(refinement.run.steps.length, 'step')} (shortest) it does what the other cannot`;
    case 'unknown':
      return `whether ${own} refines ${other} is unknown: ${uncoveredText(refinement)}`;
  }
}

/** What stopped it, and what is known all the same. */
export const uncoveredText = ({ limit }: Extract<Refinement, { kind: 'unknown' }>): string =>
  `${limitText({ ...limit, grew: [] })}, every run of up to ${plural(limit.covered, 'step')} is covered`;

/**
 * The run as any other, the event that the specification does not have, and below it where the specification stood.
 *
 * @param other what the specification is called, safe to be shown
 */
export function counterexampleLines({ run, seen, stood }: Counterexample, other: string, screen: Screen): string[] {
  const event = eventText(seen.at(-1)!.at(-1)!, run);
  const indent = ' '.repeat(INDENT + 4);
  const mark = wrap(`<- ${other} cannot do this: ${event}`, screen.width - indent.length);
  const before = seen.flat().slice(0, -1);
  const rows = [
    ['before', [lastOf(before.map((each) => eventText(each, run)))]],
    ['stood', stoodTexts(stood, other)],
    ['could do', [couldText(stood)]],
  ] as const;
  return [
    ...runLines(run, [], screen),
    ...mark.map((line) => screen.paint('bad', indent + line)),
    '',
    ...columns(
      rows.map(([head, lines]) => [[{ text: head, tone: 'faint' }], lines.map((text) => ({ text }))]),
      INDENT,
      screen,
    ),
  ].map((line) => line.trimEnd());
}

/** What is seen: a message with its actor, or whatever it is called. */
export function eventText({ seen, fate }: SeenEvent, { initial }: Run): string {
  const text = typeof seen === 'string' ? safe(seen) : `${actorNames(initial)(seen)} ${messageText(seen.message)}`;
  if (fate === 'taken') return text;
  return `${text} (unhandled: ${fate === 'not taken' ? 'it is not taken' : 'the mailbox is full'})`;
}

/** The last of the texts; all that came before are in the run. */
function lastOf(texts: readonly string[]): string {
  if (texts.length === 0) return 'nothing is seen';
  const more = texts.length - NAMED;
  return `${more > 0 ? `${count(more)} more, ` : ''}${texts.slice(-NAMED).join(', ')}`;
}

/** By what run it came there, and what it has changed of the actors. */
function stoodTexts({ run }: Stood, other: string): string[] {
  const name = actorNames(run.initial);
  const steps = run.steps.map(({ label }) => `${name(label)} ${messageText(label.message)}`);
  const by = steps.length === 0 ? `${other} at its start` : `${other} after ${lastOf(steps)}`;
  const actors = finalViews(run).flatMap((is, i) => {
    const changed = changes(run.initial[i]!, is);
    return changed.length === 0 ? [] : [`${name(is)} ${changed.join('; ')}`];
  });
  return [by, ...(actors.length === 0 ? [] : [actors.join(', ')])];
}

function couldText({ could, run }: Stood): string {
  const texts = could.map((event) => eventText(event, run)).sort();
  if (texts.length === 0) return 'nothing that is observed';
  const more = texts.length > NAMED ? ` and ${texts.length - NAMED} more` : '';
  return `${texts.slice(0, NAMED).join(', ')}${more}`;
}
