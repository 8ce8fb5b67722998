import type { Change } from '../explore/measured.ts';
import type { Refinement } from '../explore/refine.ts';
import type { Report, Verdict, VerdictKind } from '../explore/verdict.ts';

/** What two versions of the same models have in common, and where they differ. */
export interface Diff {
  readonly base: Version;
  readonly head: Version;
  readonly entries: readonly DiffEntry[];
}

/** One of the two: a revision, or a folder. */
export interface Version {
  /** As it was asked for. */
  readonly name: string;
  /** Of a revision. */
  readonly commit?: string;
}

export type SideName = 'base' | 'head';

export type DiffEntry = Come | ComparedVariant | Uncompared | Unread;

/** A model, or a variant of one, that only one side has. */
export interface Come {
  readonly kind: 'new' | 'gone';
  readonly model: string;
  /** Without it the whole model, with all its variants. */
  readonly variant?: string;
  readonly variants: readonly string[];
}

/** A variant that both sides have. */
export interface ComparedVariant {
  readonly kind: 'compared';
  readonly model: string;
  readonly variant: string;
  readonly base: Report;
  readonly head: Report;
  readonly verdicts: readonly VerdictChange[];
  /** What was measured, where both searches have come to their end. */
  readonly changes: readonly Change[];
  /** Messages that actors of one side alone may take, and that were not compared. */
  readonly messages: Readonly<Record<SideName, readonly ActorMessage[]>>;
  readonly behaviours: Behaviours;
}

export interface ActorMessage {
  readonly actor: string;
  readonly message: string;
}

/** What is claimed of a property on the two sides, where that is not the same. */
export interface VerdictChange {
  readonly property: string;
  /** Absent where that side does not claim it. A violation of the head is explained, where there was none. */
  readonly base?: Verdict;
  readonly head?: Verdict;
  /** What the variant of the head says of it. */
  readonly expected: VerdictKind;
}

type Behaviours =
  /** State by state, step by step. */
  | { readonly kind: 'same graph' }
  | {
      readonly kind: 'traces';
      /** Whether all that the head does the base does too. Refuted: a new behaviour. */
      readonly added: Refinement;
      /** Whether all that the base does the head does too. Refuted: a behaviour that is gone. */
      readonly gone: Refinement;
    };

/** A variant that both sides have, and that cannot be compared. */
interface Uncompared {
  readonly kind: 'uncompared';
  readonly model: string;
  readonly variant: string;
  readonly side: SideName;
  readonly fault: 'spec' | 'ours';
  readonly message: string;
}

/** A file that gives no model on one side. */
export interface Unread {
  readonly kind: 'unread';
  readonly side: SideName;
  readonly file: string;
  readonly message: string;
  /** Models that the other side has in this file, and that can therefore be neither compared nor called new or gone. */
  readonly models: readonly string[];
}

/** How an entry stands. What is both different and unknown in part is different. */
export type DiffStanding = 'same' | 'different' | 'unknown' | 'malformed' | 'fault';

export function diffStandingOf(entry: DiffEntry): DiffStanding {
  switch (entry.kind) {
    case 'new':
    case 'gone':
      return 'different';
    case 'unread':
      return 'malformed';
    case 'uncompared':
      return entry.fault === 'ours' ? 'fault' : 'malformed';
    case 'compared':
      return isDifferent(entry) ? 'different' : isUndecided(entry) ? 'unknown' : 'same';
  }
}

function isDifferent({ verdicts, changes, messages, behaviours }: ComparedVariant): boolean {
  const hasOwn = messages.base.length > 0 || messages.head.length > 0;
  const isOther =
    behaviours.kind === 'traces' && [behaviours.added, behaviours.gone].some(({ kind }) => kind === 'refuted');
  return hasOwn || isOther || changes.length > 0 || verdicts.some((change) => !isOpen(change));
}

function isUndecided({ verdicts, behaviours }: ComparedVariant): boolean {
  const isUnknown =
    behaviours.kind === 'traces' && [behaviours.added, behaviours.gone].some(({ kind }) => kind === 'unknown');
  return isUnknown || verdicts.some(isOpen);
}

/** Of a property that both claim one side says nothing: that is no difference, and no agreement either. */
export const isOpen = ({ base, head }: VerdictChange): boolean =>
  base !== undefined && head !== undefined && (base.kind === 'unknown' || head.kind === 'unknown');

/** The verdicts that are not the same, and those that are not known. */
export function verdictChanges(
  base: Report,
  head: Report,
  expected: (property: string) => VerdictKind,
): VerdictChange[] {
  const before = new Map(base.verdicts.map((verdict) => [verdict.property, verdict]));
  const after = new Map(head.verdicts.map((verdict) => [verdict.property, verdict]));
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((property): VerdictChange[] => {
    const [was, is] = [before.get(property), after.get(property)];
    if (was?.kind === is?.kind && is?.kind !== 'unknown') return [];
    return [{ property, ...(was && { base: was }), ...(is && { head: is }), expected: expected(property) }];
  });
}
