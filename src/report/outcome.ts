import type { Surprise } from '../explore/check.ts';
import type { Model, Variant } from '../explore/model.ts';
import type { Report, Verdict, VerdictKind } from '../explore/verdict.ts';

/** What is checked: one variant of one model. */
export interface Subject {
  readonly model: Model;
  /** The path as a reader would type it. */
  readonly file: string;
  readonly variant: Variant;
  /** The arguments that pick this variant again: file, variant, options. */
  readonly args: readonly string[];
  /** What it was asked for as, where that turned out to be a variant with a name of its own: `alone with clerks=2`. */
  readonly askedAs?: string;
  /** Another model of the run has the same name, so that the file must tell them apart. */
  readonly isNamesake?: boolean;
}

/** A variant that was checked, and where it is not what it was said to be. */
export interface Checked {
  readonly kind: 'checked';
  readonly subject: Subject;
  readonly report: Report;
  readonly surprises: readonly Surprise[];
}

/** A variant that could not be checked. */
export interface Failed {
  readonly kind: 'failed';
  readonly subject: Subject;
  /** Whose mistake: of the specification, or of Holdfast itself. */
  readonly fault: 'spec' | 'ours';
  readonly message: string;
}

/** A file that gave no model. */
export interface Unloadable {
  readonly kind: 'unloadable';
  readonly file: string;
  readonly message: string;
}

/** Figures that are kept of a model or a variant that is gone. */
export interface Stale {
  readonly kind: 'stale';
  /** The file that they are kept in. */
  readonly file: string;
  readonly message: string;
}

export type Outcome = Checked | Failed | Unloadable | Stale;

/** How an outcome stands to what was expected; the exit code that each calls for is in `exit.ts`. */
export type Standing = 'expected' | 'surprising' | 'unknown' | 'malformed' | 'fault';

export function standingOf(outcome: Outcome): Standing {
  if (outcome.kind === 'unloadable') return 'malformed';
  if (outcome.kind === 'stale') return 'surprising';
  if (outcome.kind === 'failed') return outcome.fault === 'ours' ? 'fault' : 'malformed';
  if (outcome.surprises.length > 0) return 'surprising';
  return outcome.report.verdicts.some((verdict) => isUnsettled(verdict, outcome.subject.variant))
    ? 'unknown'
    : 'expected';
}

/** The message of what has not been checked; a model's name in front is left out where a label stands there already. */
export function messageOf(outcome: Exclude<Outcome, Checked>): string {
  const { message } = outcome;
  const doubled = outcome.kind === 'failed' ? `${outcome.subject.model.name}: ` : '';
  return message.startsWith(doubled) ? message.slice(doubled.length) : message;
}

/** The file that an outcome is of. */
export const fileOf = (outcome: Outcome): string => ('subject' in outcome ? outcome.subject.file : outcome.file);

/** What the variant says that the property's verdict is; `holds` where it says nothing. */
export function expectedOf(variant: Variant, property: string): VerdictKind {
  return Object.hasOwn(variant.expect, property) ? variant.expect[property]! : 'holds';
}

/** Unknown, and not said to be so. */
export const isUnsettled = ({ kind, property }: Verdict, variant: Variant): boolean =>
  kind === 'unknown' && expectedOf(variant, property) !== 'unknown';

/** A verdict that is as the variant says, and that says something else than `holds`. */
export const isExpectedNews = ({ kind, property }: Verdict, variant: Variant): boolean =>
  kind !== 'holds' && kind === expectedOf(variant, property);
