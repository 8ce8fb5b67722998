import { existsSync, statSync } from 'node:fs';
import type { Surprise } from '../explore/check.ts';
import { type Change, changesSince, type Measured, measuredOf } from '../explore/measured.ts';
import { SpecError } from '../explore/spec-error.ts';
import { changeTexts } from '../report/changes.ts';
import type { Checked, Outcome, Stale, Subject } from '../report/outcome.ts';
import { plural, safe, shellWord } from '../report/text.ts';
import {
  figuresBelow,
  figuresFile,
  type KeptFigures,
  modelOf,
  readFigures,
  removeFigures,
  writeFigures,
} from './figures-file.ts';
import { figuresText } from './figures-text.ts';
import type { CheckFlags } from './flags.ts';
import { UsageError } from './usage-error.ts';

/** What was looked at to find the models. */
export interface Ground {
  readonly paths: readonly string[];
  /** Files that export no model. */
  readonly shared: readonly string[];
  /** All variants, also those of other shards. */
  readonly subjects: readonly Subject[];
}

/**
 * The figures that are kept beside the models, which a check is compared with, or which it measures anew. They are read before anything
 * is searched, and written after everything is.
 */
export class Gate {
  readonly #ground: Ground;
  readonly #isUpdate: boolean;
  /** Some properties only. */
  readonly #isPicked: boolean;
  /** All that is there is looked at, so that what is kept besides is of what is gone. */
  readonly #isAll: boolean;
  /** By the model's file. */
  readonly #kept = new Map<string, KeptFigures>();

  /** @throws UsageError where a file of figures is not what it should be */
  constructor(ground: Ground, { update = false, variant, option, property }: CheckFlags) {
    this.#ground = ground;
    this.#isUpdate = update;
    this.#isPicked = property.length > 0;
    this.#isAll = variant.length === 0 && option.length === 0 && property.length === 0;
    for (const file of new Set(ground.subjects.map((subject) => subject.file))) {
      const kept = readFigures(file);
      if (kept !== undefined) this.#kept.set(file, kept);
    }
  }

  /** Whether a variant is to be measured. One that only the command line has made is nobody's. */
  measures({ model, file, variant }: Subject): boolean {
    return model.variants.includes(variant) && (this.#isUpdate || this.#kept.has(file));
  }

  /** The outcome with what is not as it was measured before. */
  compared(outcome: Outcome): Outcome {
    if (this.#isUpdate || outcome.kind !== 'checked' || !this.measures(outcome.subject)) return outcome;
    const { subject, report, surprises } = outcome;
    const before = this.#kept.get(subject.file)!.figures.get(subject.variant.name);
    const changes = changesSince(before, report, this.#isPicked).filter((change) => !isSaid(change, surprises));
    return { ...outcome, surprises: [...surprises, ...changes] };
  }

  /** Figures of what is gone, where all that is there is looked at. */
  stale(): Stale[] {
    if (this.#isUpdate || !this.#isAll) return [];
    const variants = [...this.#kept].flatMap(([file, { figures }]) => {
      const gone = this.#gone(file, figures);
      return gone.length === 0 ? [] : [goneVariants(file, gone)];
    });
    return [...variants, ...this.#abandoned().map(goneModel)];
  }

  /**
   * Writes what was measured, and says in words what is other than before. What has not been checked to its end stays as it was.
   *
   * @throws UsageError where it cannot be written
   */
  update(outcomes: readonly Outcome[]): string[] {
    const measured = outcomes.filter(
      (outcome) => outcome.kind === 'checked' && this.measures(outcome.subject),
    ) as readonly Checked[];
    const lines = [...Map.groupBy(measured, ({ subject }) => subject.file)].flatMap(([file, variants]) =>
      this.#updateOne(file, variants),
    );
    const abandoned = this.#isAll ? this.#abandoned() : [];
    for (const file of abandoned) removeFigures(file);
    const removed = abandoned.map((file) => `${safe(file)}: removed, there is no model ${safe(modelOf(file))}`);
    const all = [...lines, ...removed];
    return all.length === 0 ? ['figures are as they were'] : all;
  }

  #updateOne(file: string, checked: readonly Checked[]): string[] {
    const kept = this.#kept.get(file);
    const now = new Map<string, Measured>();
    const unmeasured: string[] = [];
    for (const { subject, report } of checked) {
      const measured = measuredOf(report);
      if (measured === null) unmeasured.push(subject.variant.name);
      else now.set(subject.variant.name, measured);
    }
    const variants = checked[0]!.subject.model.variants.map(({ name }) => name);
    const gone = kept === undefined ? [] : this.#gone(file, kept.figures);
    const names = this.#isAll ? variants : [...variants, ...gone];
    const figures = new Map(
      names.flatMap((name) => {
        const measured = now.get(name) ?? kept?.figures.get(name);
        return measured === undefined ? [] : [[name, measured] as const];
      }),
    );
    const text = figuresText(figures);
    const notMeasured = unmeasured.map((name) => `  ${safe(name)}: as it was, since its search was stopped`);
    const path = safe(figuresFile(file));
    if (figures.size === 0 || text === kept?.text) return notMeasured.length === 0 ? [] : [path, ...notMeasured];
    writeFigures(file, text);
    if (kept === undefined) return [`${path}: written, ${plural(figures.size, 'variant')}`, ...notMeasured];
    const differences = [
      ...differencesOf(kept, checked),
      ...(this.#isAll ? gone : []).map((name) => `  ${safe(name)}: gone`),
    ];
    const same = differences.length === 0 ? ', with the same figures' : '';
    return [`${path}: rewritten${same}`, ...differences, ...notMeasured];
  }

  /** Of what is kept the variants that the model does not have. */
  #gone(file: string, figures: KeptFigures['figures']): string[] {
    const { model } = this.#ground.subjects.find((subject) => subject.file === file)!;
    const names = new Set(model.variants.map(({ name }) => name));
    return [...figures.keys()].filter((name) => !names.has(name));
  }

  /** Files of figures in the folders looked into whose models are not there. */
  #abandoned(): string[] {
    const { paths, shared } = this.#ground;
    const folders = paths.filter((path) => statSync(path).isDirectory());
    return [...new Set(folders.flatMap(figuresBelow))].filter((file) => {
      const model = modelOf(file);
      return !existsSync(model) || shared.includes(model);
    });
  }
}

/** Whether a verdict that nobody expects says it already. */
const isSaid = (change: Change, surprises: readonly Surprise[]): boolean =>
  change.what === 'steps' &&
  (change.was === null || change.is === null) &&
  surprises.some((surprise) => surprise.kind === 'verdict' && surprise.property === change.property);

/** What is other than before, variants of which the same is to be said together. */
function differencesOf({ figures }: KeptFigures, checked: readonly Checked[]): string[] {
  const told = checked.flatMap(({ subject: { variant }, report }) => {
    const texts = changeTexts(changesSince(figures.get(variant.name), report, false));
    return texts.length === 0 ? [] : [{ name: safe(variant.name), text: texts.join('; ') }];
  });
  return [...Map.groupBy(told, ({ text }) => text)].map(
    ([text, members]) => `  ${members.map(({ name }) => name).join(', ')}: ${text}`,
  );
}

function goneVariants(model: string, gone: readonly string[]): Stale {
  const file = figuresFile(model);
  const { message } = new SpecError(`${safe(file)}: figures of what is gone`, {
    code: 'E-FIGURES-STALE',
    where: safe(file),
    why: `${safe(model)} has no ${gone.length === 1 ? 'variant' : 'variants'} ${gone.map((name) => safe(name)).join(', ')}`,
    instead: `where this is meant: holdfast check ${shellWord(model)} --update`,
  });
  return { kind: 'stale', file, message };
}

function goneModel(file: string): Stale {
  const { message } = new SpecError(`${safe(file)}: figures of what is gone`, {
    code: 'E-FIGURES-STALE',
    where: safe(file),
    why: `there is no model ${safe(modelOf(file))}`,
    instead: 'where this is meant, --update removes the file; where the model is elsewhere now, move it there',
  });
  return { kind: 'stale', file, message };
}

/**
 * Figures are measured by searches that come to their end and ask about everything.
 *
 * @throws UsageError on options that make them something else
 */
export function checkUpdate(flags: CheckFlags): void {
  if (!flags.update) return;
  const { maxStates, maxDepth, maxTime, maxMemory, bail, approximate, property, option } = flags;
  const all = { maxStates, maxDepth, maxTime, maxMemory, bail, approximate, property, option };
  const given = Object.entries(all).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value));
  if (given.length === 0) return;
  const names = given.map(([name]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new UsageError('figures are measured by whole searches', {
    code: 'E-UPDATE',
    where: `--update with ${names.join(', ')}`,
    why: 'what a search counts that may stop early, asks about less or is of another variant is not what the model has',
    instead: '--update alone; with --variant for some of the variants, the others stay as they are',
  });
}
