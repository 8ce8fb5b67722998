import type { LimitReached, VerdictKind } from '../explore/verdict.ts';
import type { Said } from '../report/html/compare.ts';
import type { VariantData, VerdictData } from '../report/html/page-data.ts';
import { count, plural } from '../report/text.ts';
import { shown } from './phrases.ts';

/** How a verdict is to be looked at: colours repeat it, signs and words say it. */
export type Tone = 'good' | 'known' | 'bad' | 'doubt';

export interface Look {
  readonly tone: Tone;
  readonly sign: string;
  readonly word: string;
  /** Whether it is not what the variant expects. */
  readonly isNews: boolean;
}

/** What is unknown is never good; what is violated as expected is known, and no alarm. */
export function lookOf({ kind, of, expected }: Said): Look {
  const isNews = kind !== expected && kind !== 'unknown';
  const tone: Tone = kind === 'unknown' ? 'doubt' : isNews ? 'bad' : kind === 'holds' ? 'good' : 'known';
  return { tone, isNews, sign: SIGNS[kind], word: kind === 'holds' && of === 'sometimes' ? 'reached' : kind };
}

const SIGNS: Readonly<Record<VerdictKind, string>> = {
  holds: '✓',
  violated: '✗',
  unreached: '∅',
  vacuous: '○',
  unknown: '?',
};

/** `violated after 6 steps, as expected`. */
export const verdictSentence = (verdict: VerdictData): string => `${lookOf(verdict).word} ${afterText(verdict)}`.trim();

/** What is to be said after the verdict's word. */
export function afterText({ kind, steps, because, expected }: VerdictData): string {
  const after =
    steps === undefined
      ? ''
      : steps === 0
        ? 'in the initial state'
        : `after ${plural(steps, 'step')}, no run is shorter`;
  const why = because === undefined ? '' : shown(because);
  const as = kind === expected ? (kind === 'holds' ? '' : 'as expected') : `expected ${expected}`;
  return [after, why, as].filter((part) => part !== '').join('; ');
}

export const STANDINGS = {
  expected: { sign: '✓', tone: 'good', text: 'as expected' },
  surprising: { sign: '✗', tone: 'bad', text: 'not as expected' },
  unknown: { sign: '?', tone: 'doubt', text: 'unknown' },
  malformed: { sign: '!', tone: 'bad', text: 'in error' },
  fault: { sign: '!', tone: 'bad', text: 'stopped by a fault of Holdfast' },
} as const;

export function limitText({ limit, value, covered }: LimitReached): string {
  const reached = {
    states: `--max-states ${count(value)} was reached`,
    depth: `--max-depth ${count(value)} was reached`,
    time: `--max-time ${value / 1000}s was reached`,
    memory: 'there was no more memory',
    bail: '--bail stopped it at the first violation',
    worker: 'a worker that ended before its time',
  }[limit];
  return `Not finished: ${reached}. Every run of up to ${plural(covered, 'step')} is covered, and nothing is said of longer ones.`;
}

/** The verdict whose run is looked at where none is asked for: what is news, then what is violated, then any. */
export function foremost({ verdicts }: VariantData): VerdictData | undefined {
  const having = verdicts.filter(({ run }) => run !== undefined);
  return having.find((each) => lookOf(each).isNews) ?? having.find(({ kind }) => kind === 'violated') ?? having[0];
}
