import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { type Figures, figuresFormat, parsedFigures } from './figures-text.ts';
import { UsageError } from './usage-error.ts';

/** The folder of figures, beside the models that they are of. */
const FOLDER = 'figures';
const ENDING = '.json';

/** Where the figures of a model are kept, by the file of the model: beside `models/race.ts` in `models/figures/race.ts.json`. */
export const figuresFile = (model: string): string => join(dirname(model), FOLDER, basename(model) + ENDING);

/** The file of the model whose figures are kept there. */
export const modelOf = (file: string): string => join(dirname(dirname(file)), basename(file, ENDING));

/** A file of figures as it is there. */
export interface KeptFigures {
  readonly text: string;
  readonly figures: Figures;
}

/**
 * The figures that are kept of a model, where there are any.
 *
 * @throws UsageError where there is a file that cannot be read, or that is something else
 */
export function readFigures(model: string): KeptFigures | undefined {
  const file = figuresFile(model);
  if (!existsSync(file)) return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    return { text, figures: parsedFigures(text) };
  } catch (error) {
    const why = error instanceof Error && error.name === 'Error' ? safe(error.message) : sayingOf(error);
    throw new UsageError(`${safe(file)}: no figures of a model`, {
      code: 'E-FIGURES-FILE',
      where: safe(file),
      why: why.length > 300 ? `${why.slice(0, 300)} …` : why,
      instead:
        'the file as a version before had it; or none, after which --update measures all of it anew. After a merge, one of the two sides',
    });
  }
}

/**
 * The files of figures below a folder, without those that something else has written.
 */
export function figuresBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): string[] => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const below = figuresBelow(path);
    if (entry.name !== FOLDER) return below;
    const files = readdirSync(path).filter((name) => name.endsWith(ENDING) && modelName.test(basename(name, ENDING)));
    return [...below, ...files.map((name) => join(path, name)).filter(isOurs)];
  });
}

const modelName = /\.m?[jt]s$/;

function isOurs(file: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { format?: unknown } | null)?.format === figuresFormat;
  } catch {
    return false;
  }
}

/**
 * Writes the figures of a model, whole or not at all.
 *
 * @throws UsageError where that cannot be done
 */
export function writeFigures(model: string, text: string): void {
  const file = figuresFile(model);
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}`);
  writing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/** @throws UsageError where that cannot be done */
export const removeFigures = (file: string): void => writing(file, () => rmSync(file));

function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UsageError(`${safe(file)}: figures cannot be written`, {
      code: 'E-WRITE',
      where: '--update',
      why: sayingOf(error),
      instead: 'a folder of models that you may write to',
    });
  }
}
