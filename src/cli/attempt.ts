import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { type Limits, type Settings, surprises } from '../explore/check.ts';
import { Refused } from '../explore/kept.ts';
import { SpecError } from '../explore/spec-error.ts';
import type { Outcome, Subject } from '../report/outcome.ts';
import type { Ticker } from '../report/progress.ts';
import { labelOf } from '../report/words.ts';
import { blame, placeOf, placeText, placeWithCode, sayingOf } from './blame.ts';
import type { CheckFlags } from './flags.ts';
import { type Checker, Interrupted } from './long.ts';
import { propertiesOf } from './properties.ts';

/**
 * One variant checked, or why it cannot be.
 *
 * @param explain which violations to explain
 */
export async function attempt(
  subject: Subject,
  flags: CheckFlags,
  ticker: Ticker,
  explain: NonNullable<Settings['explain']>,
  checker: Checker,
): Promise<Outcome> {
  ticker.begin(labelOf(subject));
  try {
    const report = await checker(subject.model, subject.variant, { ...settingsOf(subject, flags, ticker), explain });
    return { kind: 'checked', subject, report, surprises: surprises(report, subject.variant) };
  } catch (error) {
    if (error instanceof Refused || error instanceof Interrupted) throw error;
    return { kind: 'failed', subject, ...failureOf(error) };
  } finally {
    ticker.clear();
  }
}

function settingsOf(subject: Subject, flags: CheckFlags, ticker: Ticker): Settings {
  const known = flags.property.length === 0 ? [] : propertiesOf(subject);
  const properties = flags.property.filter((name) => known.includes(name));
  return {
    limits: limitsOf(flags),
    ...(properties.length > 0 && { properties }),
    ...(flags.bail && { bail: true }),
    ...(flags.approximate && { approximate: true }),
    ...(flags.coverage && { coverage: true }),
    ...(flags.stats && { figures: true }),
    onProgress: (progress) => {
      if (progress.milliseconds > longSearch) keepYoungSpace();
      ticker.tell(progress);
    },
  };
}

/**
 * V8's room for young objects grows no more. What a search keeps is not on V8's heap, and once it is under way it makes little
 * there that lives: more room would only add to its memory. A short search is the faster for it.
 */
const longSearch = 1_000;
const keepYoungSpace = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** The bounds on a search that are asked for, and the one on memory that there always is. */
export const limitsOf = ({ maxStates, maxDepth, maxTime, maxMemory }: Partial<CheckFlags>): Limits => ({
  ...(maxStates !== undefined && { states: maxStates }),
  ...(maxDepth !== undefined && { depth: maxDepth }),
  ...(maxTime !== undefined && { milliseconds: maxTime }),
  bytes: maxMemory ?? enoughMemory(),
});

/** Four fifths of what there is: a search that ends with `unknown` says more than a machine that swaps. */
const enoughMemory = (): number => Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) * 0.8);

/** What went wrong with a model, and whose mistake it is. */
export function failureOf(error: unknown): { readonly fault: 'spec' | 'ours'; readonly message: string } {
  if (error instanceof Error && error.name === 'SpecError') return { fault: 'spec', message: withPlace(error) };
  const { fault, place } = blame(error);
  if (fault === 'ours') return { fault, message: faultText(error) };
  const { message } = new SpecError('the specification throws', {
    code: 'E-THROWS',
    where: place === undefined ? 'a machine' : placeText(place),
    why: sayingOf(error),
    instead: 'guards, actions, conditions and properties that have an answer in every state',
  });
  return { fault, message };
}

/** What it says, and where in a user's file the question stands that it is about. */
function withPlace(error: Error): string {
  const place = placeOf(error);
  return place === undefined
    ? error.message
    : error.message.replace(/(?=\n {2}why )/, `\n  at       ${placeWithCode(place)}`);
}

/** The one thing that is told with its stack. */
export function faultText(error: unknown): string {
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : String(error);
  return [
    'a fault of Holdfast itself, not of the model',
    stack,
    'Please report it, with these lines and the model (holdfast explain E-FAULT).',
  ].join('\n');
}
