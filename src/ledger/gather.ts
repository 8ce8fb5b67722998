import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Assignment, Model } from '../explore/model.ts';
import type { Alternative, Bug, Claim, Decision, Hazard, Ledgers, Rule, Survivor, Told, Trial } from './rows.ts';

/** A model of the protocol and the file it came from. */
interface Filed {
  readonly file: string;
  readonly model: Model;
}

/** What the files of a project say, before anything is run. */
export interface Gathered extends Ledgers {
  readonly models: readonly Filed[];
  /** Names of the option sets that models share, in order. A variant of that name is the model under that set. */
  readonly presets: readonly string[];
  /** What they say, by name. */
  readonly kernels: Readonly<Record<string, Assignment>>;
  readonly survivors: readonly Survivor[];
  readonly rules: readonly Rule[];
  readonly told?: Told | undefined;
}

/** What a file below `models/` may export. */
interface Exports {
  readonly default?: { readonly kind?: string };
  readonly presets?: Readonly<Record<string, Assignment>>;
  readonly mails?: Readonly<Record<string, string>>;
  readonly claims?: readonly Claim[];
  readonly bugs?: readonly Bug[];
  readonly hazards?: readonly Hazard[];
  readonly alternatives?: readonly Alternative[];
  readonly decisions?: readonly Decision[];
  readonly trials?: readonly Trial[];
  readonly survivors?: readonly Survivor[];
  readonly rules?: readonly Rule[];
  readonly told?: Told;
}

/**
 * Reads `models/*.ts` and `models/ledger/*.ts`, sorted by name, so that the documents are the same on every machine. Models
 * in other folders are not of the protocol.
 */
export async function gather(root: string): Promise<Gathered> {
  const files = globSync(['models/*.ts', 'models/ledger/*.ts'], { cwd: root }).sort();
  const all: { readonly file: string; readonly exported: Exports }[] = [];
  for (const file of files) {
    all.push({ file, exported: (await import(pathToFileURL(join(root, file)).href)) as Exports });
  }
  return {
    models: all.flatMap(({ file, exported }) =>
      exported.default?.kind === 'holdfast.model' ? [{ file, model: exported.default as Model }] : [],
    ),
    presets: all.flatMap(({ exported }) => Object.keys(exported.presets ?? {})),
    kernels: Object.assign({}, ...all.map(({ exported }) => exported.presets ?? {})) as Gathered['kernels'],
    mails: Object.assign({}, ...all.map(({ exported }) => exported.mails ?? {})) as Record<string, string>,
    claims: all.flatMap(({ exported }) => exported.claims ?? []),
    bugs: all.flatMap(({ exported }) => exported.bugs ?? []),
    hazards: all.flatMap(({ exported }) => exported.hazards ?? []),
    alternatives: all.flatMap(({ exported }) => exported.alternatives ?? []),
    decisions: all.flatMap(({ exported }) => exported.decisions ?? []),
    trials: all.flatMap(({ exported }) => exported.trials ?? []),
    survivors: all.flatMap(({ exported }) => exported.survivors ?? []),
    rules: all.flatMap(({ exported }) => exported.rules ?? []),
    told: all.flatMap(({ exported }) => exported.told ?? [])[0],
  };
}
