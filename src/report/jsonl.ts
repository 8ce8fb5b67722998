import { fromJson, toJson } from '../explore/json.ts';
import type { Model } from '../explore/model.ts';
import { jsonOf } from './json-text.ts';
import type { Outcome, Subject } from './outcome.ts';

/** What a report in lines of JSON says that it is, in its first line. */
export const reportFormat = 'holdfast.report';
export const reportFormatVersion = 1;

/** A part of all variants, for machines that share the work: the `index`-th of `count`, from 1 on. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The first line: whose report it is, and of how much. */
export interface Start {
  readonly kind: 'start';
  readonly format: typeof reportFormat;
  readonly version: typeof reportFormatVersion;
  readonly holdfast: string;
  /** How many variants there are in all shards together. */
  readonly variants: number;
  readonly shard?: Shard;
}

/** The last line: without it the report is not whole. */
export interface End {
  readonly kind: 'end';
  readonly exit: number;
  /** Variants of this shard that were not checked, since `--bail` stopped before them. */
  readonly unchecked: readonly Placed[];
}

/** A variant, and where it stands among all. */
export interface Placed {
  readonly at: number;
  readonly subject: Subject;
}

export const startLine = (holdfast: string, variants: number, shard?: Shard): string =>
  line({
    kind: 'start',
    format: reportFormat,
    version: reportFormatVersion,
    holdfast,
    variants,
    ...(shard && { shard }),
  });

/**
 * An outcome as one line. It can be read back, so that reports of several machines make one.
 *
 * @param at where its variant stands among all; -1 where it is of no variant
 * @param witnesses whether the runs of witnesses are wanted too: there are many of them, and they are the good news
 */
export function outcomeLine(outcome: Outcome, at: number, witnesses: boolean): string {
  if (!('subject' in outcome)) return line({ at, ...outcome });
  const subject = subjectJson(outcome.subject);
  if (outcome.kind === 'failed') return line({ at, ...outcome, subject });
  const verdicts = outcome.report.verdicts.map(({ run, ...verdict }) =>
    run === undefined || (verdict.of === 'sometimes' && !witnesses) ? verdict : { ...verdict, run },
  );
  return line({ at, ...outcome, subject, report: { ...outcome.report, verdicts } });
}

export const endLine = (exit: number, unchecked: readonly Placed[]): string =>
  line({ kind: 'end', exit, unchecked: unchecked.map(({ at, subject }) => ({ at, subject: subjectJson(subject) })) });

const line = (value: object): string => `${jsonOf(toJson(value))}\n`;

/** A model is code; what is kept of it is what reports say of it. */
function subjectJson({ model, ...subject }: Subject): object {
  return { ...subject, model: { name: model.name, about: model.about } };
}

/** A subject that was read back: it can be reported of, and not checked. */
export function subjectFrom(read: Omit<Subject, 'model'> & { readonly model: Pick<Model, 'name' | 'about'> }): Subject {
  return { ...read, model: modelOf(read.file, read.model) };
}

const models = new Map<string, Model>();

/** The same for the same file and name: reports count models by what they are. */
function modelOf(file: string, { name, about }: Pick<Model, 'name' | 'about'>): Model {
  const key = JSON.stringify([file, name]);
  const build = (): never => {
    throw new Error('a model that was read from a report cannot be built');
  };
  const model = models.get(key) ?? {
    kind: 'holdfast.model',
    name,
    about,
    sources: [],
    options: {},
    variants: [],
    build,
  };
  models.set(key, model);
  return model;
}

/** What a line says. */
export const parsedLine = (text: string): unknown => fromJson(JSON.parse(text));
