import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Reader } from '../../src/checkpoint/reader.ts';
import { Writer } from '../../src/checkpoint/writer.ts';
import { type Identity, type Kept, Refused } from '../../src/explore/kept.ts';
import { tries } from '../explore/kit.ts';
import { Crash, folder, Hiccup, MortalDisk } from './disks.ts';

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-folder-'));
afterAll(() => rmSync(temporary, { recursive: true }));

/** A search that has come so far: everything in it follows from the number. */
function keptAt(progress: number, identity: Identity = { model: 'a' }): Kept {
  const rows = (name: string, width: number, size: number) => ({
    name,
    width,
    size,
    copy(from: number, to: number, into: Uint32Array) {
      for (let i = from * width; i < to * width; i++) into[i - from * width] = Math.imul(i, 0x9e37_79b1) >>> 0;
    },
  });
  const texts = (name: string, size: number) => ({ name, size, text: (i: number) => `${name} ${i} "\u2028é\n` });
  return {
    identity,
    facts: `facts ${progress}`,
    rows: [rows('pairs', 3, progress * 10), rows(progress < 3 ? 'left 1' : 'left 2', 7, progress)],
    texts: [texts('messages', progress >> 1), texts('answers', progress * 2)],
  };
}

/** Everything in a checkpoint, as it is read back. */
function contentOf(reader: Reader) {
  reader.agree({ model: 'a' });
  const { rows, texts } = reader.manifest;
  return {
    facts: reader.facts,
    rows: Object.keys(rows).map((name) => [name, [...reader.rows(name)].flatMap((some) => [...some])]),
    texts: Object.keys(texts).map((name) => [name, [...reader.texts(name)]]),
  };
}

function contentAt(progress: number) {
  const { facts, rows, texts } = keptAt(progress);
  return {
    facts,
    rows: rows.map((list) => {
      const all = new Uint32Array(list.size * list.width);
      list.copy(0, list.size, all);
      return [list.name, [...all]];
    }),
    texts: texts.map(({ name, size, text }) => [name, Array.from({ length: size }, (_, i) => text(i))]),
  };
}

const whole = (progress: readonly number[]): string => {
  const path = mkdtempSync(join(temporary, 'whole-'));
  const writer = new Writer(path, {});
  for (const one of progress) writer.write(keptAt(one));
  return path;
};

describe('a checkpoint', () => {
  test('is read as it was written, however it came about', () => {
    const growing = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(growing, growing, (first, then) => {
        const path = whole(first);
        const before = new Reader(path, {});
        expect(contentOf(before)).toEqual(contentAt(first.at(-1)!));
        const writer = new Writer(path, {}, before.manifest);
        for (const one of then) writer.write(keptAt(first.at(-1)! + one));
        expect(contentOf(new Reader(path, {}))).toEqual(contentAt(first.at(-1)! + then.at(-1)!));
      }),
      tries(12),
    );
  });

  test('writes what is new, and nothing twice', () => {
    const sizes = (path: string) => readdirSync(path).map((file) => [file, statSync(join(path, file)).size] as const);
    const path = whole([1000]);
    const [[, before]] = sizes(path).filter(([file]) => file !== 'manifest') as [[string, number]];
    new Writer(path, {}, new Reader(path, {}).manifest).write(keptAt(1001));
    const [, [, more]] = sizes(path).filter(([file]) => file !== 'manifest') as [unknown, [string, number]];
    expect(before).toBeGreaterThan(100_000);
    expect(more).toBeLessThan(1_000);
  });

  test('of something else is refused, and it is said what differs', () => {
    const path = mkdtempSync(join(temporary, 'other-'));
    new Writer(path, { tool: '1' }).write(keptAt(2, { model: 'a', text: 'x'.repeat(200), was: 'here' }));
    const same = { model: 'a', text: 'x'.repeat(200), was: 'here' };
    expect(() => new Reader(path, { tool: '1' }).agree(same)).not.toThrow();
    const why = (besides: Identity, identity: Identity): string => {
      try {
        new Reader(path, besides).agree(identity);
      } catch (error) {
        if (error instanceof Refused) return /why {6}(.*)/.exec(error.message)![1]!;
        throw error;
      }
      return 'accepted';
    };
    expect(why({ tool: '2' }, same)).toBe('tool was 1 and is 2');
    expect(why({ tool: '1' }, { ...same, model: 'b' })).toBe('model was a and is b');
    expect(why({ tool: '1' }, { ...same, text: 'y'.repeat(200) })).toBe('text has changed');
    expect(why({ tool: '1' }, { ...same, text: 'y' })).toBe('text has changed');
    expect(why({ tool: '1' }, { model: 'a', text: 'x'.repeat(200), is: 'new' })).toBe(
      'is was not there; was is not there any more',
    );
  });

  test.each(['', 'nothing-here', 'file'])('that is not there is refused: "%s"', (name) => {
    const path = join(temporary, name);
    if (name === 'file') writeFileSync(path, 'x');
    expect(() => new Reader(path, {})).toThrow(Refused);
  });

  test('in another format is refused', () => {
    const path = whole([1]);
    const { manifest } = new Reader(path, {});
    const other = whole([1]);
    writeFileSync(join(other, 'manifest'), JSON.stringify({ ...manifest, checkpoint: 2 }));
    expect(() => new Reader(other, {})).toThrow('a damaged checkpoint');
  });
});

describe('a checkpoint that has been damaged is refused', () => {
  const original = whole([2, 3, 5]);
  const files = readdirSync(original);
  const damages = fc.record({
    file: fc.constantFrom(...files),
    how: fc.constantFrom('flip', 'flip', 'flip', 'cut', 'add', 'zero', 'remove', 'swap'),
    where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    bits: fc.integer({ min: 1, max: 255 }),
  });

  test('whatever is done to any of its files', () => {
    const path = mkdtempSync(join(temporary, 'damaged-'));
    fc.assert(
      fc.property(damages, ({ file, how, where, bits }) => {
        cpSync(original, path, { recursive: true });
        const target = join(path, file);
        const bytes = readFileSync(target);
        const at = Math.floor(where * bytes.length);
        if (how === 'flip') bytes[at]! ^= bits;
        if (how === 'zero') bytes.fill(0, at);
        if (how === 'flip' || how === 'zero') writeFileSync(target, bytes);
        if (how === 'cut') truncateSync(target, at);
        if (how === 'add') writeFileSync(target, Buffer.concat([bytes, bytes.subarray(at)]));
        if (how === 'remove') rmSync(target);
        const another = files[(files.indexOf(file) + 1) % files.length]!;
        if (how === 'swap') writeFileSync(target, readFileSync(join(original, another)));
        if (readFileSyncOr(target)?.equals(readFileSync(join(original, file)))) return;
        expect(() => new Reader(path, {})).toThrow(Refused);
      }),
      tries(60),
    );
  });
});

const readFileSyncOr = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

describe('whenever the process or the machine dies, there is the old checkpoint or the new one', () => {
  /** Writes checkpoints, and says of which of them it was last told that they were written, and which it tried last. */
  function written(mortal: MortalDisk): readonly [told: number, tried: number] {
    const writer = new Writer(folder, {}, undefined, mortal.disk);
    let told = 0;
    for (const progress of [1, 2, 3, 4]) {
      try {
        writer.write(keptAt(progress));
        told = progress;
      } catch (error) {
        if (error instanceof Crash) return [told, progress];
        if (!(error instanceof Hiccup)) throw error;
      }
    }
    return [told, 4];
  }

  /** Which of them is there, whole. */
  function found(mortal: MortalDisk): number {
    try {
      const content = contentOf(new Reader(folder, {}, mortal.disk));
      const progress = Number(content.facts.split(' ')[1]);
      expect(content).toEqual(contentAt(progress));
      return progress;
    } catch (error) {
      expect(String(error)).toContain('no checkpoint');
      return 0;
    }
  }

  function expectOneOf([told, tried]: readonly [number, number], progress: number): void {
    expect(progress).toBeGreaterThanOrEqual(told);
    expect(progress).toBeLessThanOrEqual(tried);
  }

  const lively = new MortalDisk();
  written(lively);
  const moments = Array.from({ length: lively.operations }, (_, i) => i + 1);

  test('at every operation of the disk', () => {
    expect(moments.length).toBeGreaterThan(50);
    for (const moment of moments) {
      const disk = new MortalDisk(moment);
      expectOneOf(written(disk), found(disk.survived()));
    }
  });

  test('also where the disk has failed before, and the machine forgets what was not forced to it', () => {
    const moment = fc.constantFrom(...moments);
    const chances = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(moment, fc.oneof(fc.constant(0), moment), chances, (last, failing, chance) => {
        const disk = new MortalDisk(last, failing);
        expectOneOf(written(disk), found(disk.revived(() => chance.next().value as number)));
      }),
      tries(600),
    );
  });

  test('and where the disk fails once, the next checkpoint is whole', () => {
    for (const moment of moments.slice(0, -12)) {
      const disk = new MortalDisk(Number.POSITIVE_INFINITY, moment);
      expectOneOf(written(disk), found(disk));
    }
  });
});
