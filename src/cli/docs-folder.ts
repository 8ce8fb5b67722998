import { type Dirent, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { MADE, type OtherPage } from '../report/docs/documents.ts';
import { quoted, safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { UsageError } from './usage-error.ts';

/** How a file of the documents is not as it would be made now. */
export interface Difference {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly is: 'missing' | 'stale' | 'superfluous';
}

/** Where documents are kept. Files in it that somebody else has made are neither written nor removed. */
export class DocsFolder {
  readonly #root: string;
  readonly #shown: string;

  /** @throws UsageError where it is no folder */
  constructor(folder: string) {
    this.#root = resolve(folder);
    this.#shown = safe(folder);
    const found = statSync(this.#root, { throwIfNoEntry: false });
    if (found === undefined || found.isDirectory()) return;
    throw new UsageError(`${this.#shown}: the documents cannot be written`, {
      code: 'E-WRITE',
      where: '--out',
      why: 'it is a file',
      instead: 'a folder, which is made where there is none',
    });
  }

  /** The way from the folder to a file, with slashes. */
  wayTo(file: string): string {
    return relative(this.#root, resolve(file)).split(sep).join('/');
  }

  /** Pages that lie beside the documents. */
  others(): OtherPage[] {
    return this.#entries('.')
      .filter((entry) => entry.isFile() && extname(entry.name) === '.md')
      .flatMap(({ name }): OtherPage[] => {
        const text = this.#read(name);
        return text === undefined || isMade(text) ? [] : [{ file: name, ...tellingOf(name, text) }];
      });
  }

  /**
   * What is not as these texts are, by path.
   *
   * @throws UsageError where a file is in the way that somebody else has made
   */
  differences(texts: ReadonlyMap<string, string>): Difference[] {
    const changed = [...texts].flatMap(([path, text]): Difference[] => {
      const there = this.#read(path);
      if (there === undefined) return [{ path, is: 'missing' }];
      if (!isMade(there)) throw this.#inTheWay(path);
      return there.replaceAll('\r\n', '\n') === text ? [] : [{ path, is: 'stale' }];
    });
    const left = this.#made().filter((path) => !texts.has(path));
    return [...changed, ...left.map((path): Difference => ({ path, is: 'superfluous' }))];
  }

  /**
   * Makes one file what it should be.
   *
   * @throws UsageError where it cannot be written
   */
  settle({ path, is }: Difference, texts: ReadonlyMap<string, string>): void {
    const file = join(this.#root, path);
    try {
      if (is === 'superfluous') rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, texts.get(path)!);
      }
    } catch (error) {
      throw new UsageError(`${this.path(path)}: cannot be written`, {
        code: 'E-WRITE',
        where: '--out',
        why: sayingOf(error),
        instead: 'a folder that you may write to',
      });
    }
  }

  /** A path as a reader would type it. */
  path(path: string): string {
    return safe(join(this.#shown, path).split(sep).join('/'));
  }

  /** Files that were made here earlier, in the places where files are made. */
  #made(): string[] {
    return ['.', 'models', 'machines'].flatMap((folder) =>
      this.#entries(folder)
        .filter((entry) => entry.isFile() && ['.md', '.svg'].includes(extname(entry.name)))
        .map(({ name }) => (folder === '.' ? name : `${folder}/${name}`))
        .filter((path) => isMade(this.#read(path) ?? '')),
    );
  }

  #entries(folder: string): Dirent[] {
    try {
      return readdirSync(join(this.#root, folder), { withFileTypes: true }).toSorted((a, b) =>
        a.name < b.name ? -1 : 1,
      );
    } catch {
      return [];
    }
  }

  #read(path: string): string | undefined {
    const file = join(this.#root, path);
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return ''; // a folder, or what may not be read: nothing that was made here
    }
  }

  #inTheWay(path: string): UsageError {
    return new UsageError(`${this.path(path)}: is there, and is nobody's but yours`, {
      code: 'E-DOCS-THERE',
      where: '--out',
      why: `its first line is not ${quoted(MADE)}, so holdfast docs has not made it`,
      instead: 'another folder; or move the file away',
    });
  }
}

const isMade = (text: string): boolean => text.startsWith(MADE) && /^\r?\n/.test(text.slice(MADE.length));

/** What a page calls itself, and which anchors are in it. */
function tellingOf(name: string, text: string): Omit<OtherPage, 'file'> {
  const [, title = name] = /^# +(.+?)\s*$/m.exec(text) ?? [];
  return { title, anchors: [...text.matchAll(/<a id="([^"<>]+)"><\/a>/g)].map(([, anchor]) => anchor!) };
}
