import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../explore/verdict.ts';
import { itfText } from '../report/itf.ts';
import type { Outcome, Subject } from '../report/outcome.ts';
import { savedRunText } from '../report/saved-run.ts';
import { safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { UsageError } from './usage-error.ts';

/** Writes each violation into a folder, twice: as `holdfast replay` reads it, and in the Informal Trace Format. */
export class RunSaver {
  /** The files for `holdfast replay`, in order. */
  readonly saved: string[] = [];
  readonly #folder: string;
  readonly #version: string;
  readonly #names = new Set<string>();

  /** @throws UsageError where the folder cannot be made */
  constructor(folder: string, version: string) {
    this.#folder = folder;
    this.#version = version;
    this.#writing(() => mkdirSync(folder, { recursive: true }));
  }

  save(outcome: Outcome): void {
    if (outcome.kind !== 'checked') return;
    const { subject, report } = outcome;
    for (const verdict of report.verdicts) {
      if (verdict.kind === 'violated' && verdict.run !== undefined) this.#save(subject, verdict);
    }
  }

  #save(subject: Subject, verdict: Verdict): void {
    const path = join(this.#folder, this.#nameOf(subject, verdict));
    this.#writing(() => {
      writeFileSync(`${path}.run.json`, savedRunText(subject, verdict, this.#version));
      writeFileSync(`${path}.itf.json`, itfText(subject, verdict, this.#version));
    });
    this.saved.push(`${path}.run.json`);
  }

  /** A name of its own for each, also where they differ only in what no file name should have. */
  #nameOf({ model, variant }: Subject, { property }: Verdict): string {
    const whole = [model.name, variant.name, property].join('.');
    const plain = fileName(whole);
    const name = this.#names.has(plain.toLowerCase()) ? `${plain}-${hashOf(whole)}` : plain;
    this.#names.add(name.toLowerCase());
    return name;
  }

  #writing(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new UsageError(`${safe(this.#folder)}: runs cannot be saved`, {
        code: 'E-WRITE',
        where: '--save-runs',
        why: sayingOf(error),
        instead: 'a folder that you may write, or that can be made',
      });
    }
  }
}

const LONGEST = 100;

/** Letters, digits and a few signs, blanks as dashes; with a hash where more than blanks had to go. */
export function fileName(name: string): string {
  const dashed = name.replaceAll(' ', '-');
  const plain = dashed.replace(/[^\w.,=+-]/g, '_').slice(0, LONGEST);
  return plain === dashed && /^\w/.test(plain) ? plain : `${plain.replace(/^\W+/, '') || 'run'}-${hashOf(name)}`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
