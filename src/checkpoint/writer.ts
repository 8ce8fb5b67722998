import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { Identity, Kept, Rows } from '../explore/kept.ts';
import {
  type Contents,
  type Disk,
  format,
  type Manifest,
  manifestBytes,
  manifestName,
  numberOf,
  realDisk,
  type Segment,
  segmentName,
  shortened,
} from './format.ts';

/** Numbers that are written at once. */
const numbersAtOnce = 1 << 18;

/** Writes one checkpoint after the other of a search into a folder, of each what is new in it. */
export class Writer {
  readonly #folder: string;
  readonly #besides: Identity;
  readonly #disk: Disk;
  #segments: readonly Segment[];
  /** How much of each list is in the segments. */
  #written: ReadonlyMap<string, number>;
  /** No number is used twice: a manifest that was renamed and not heard of again may name it. */
  #next: number;

  /**
   * @param besides what the search must have in common with one that goes on from it, besides what it says itself
   * @param before the checkpoint that the search has been resumed from
   */
  constructor(folder: string, besides: Identity, before?: Manifest, disk: Disk = realDisk) {
    this.#folder = folder;
    this.#besides = besides;
    this.#disk = disk;
    this.#segments = before?.segments ?? [];
    this.#written = new Map(
      Object.entries({ ...before?.rows, ...before?.texts }).map(([name, { size }]) => [name, size]),
    );
    const last = this.#segments.at(-1);
    this.#next = last === undefined ? 1 : 1 + numberOf(last);
  }

  /** @throws Error of the disk; then the checkpoint before is what counts, and another can be tried */
  write(kept: Kept): void {
    const { identity, facts, rows, texts } = kept;
    const segments = [...this.#segments, this.#writeSegment(kept)];
    this.#writeManifest({
      checkpoint: format,
      identity: shortened({ ...this.#besides, ...identity }),
      facts,
      rows: Object.fromEntries(rows.map(({ name, width, size }) => [name, { width, size }])),
      texts: Object.fromEntries(texts.map(({ name, size }) => [name, { size }])),
      segments,
    });
    this.#segments = segments;
    this.#written = new Map([...rows, ...texts].map(({ name, size }) => [name, size]));
  }

  #writeSegment({ rows, texts }: Kept): Segment {
    const file = segmentName(this.#next++);
    const path = join(this.#folder, file);
    const newRows = this.#news(rows);
    const newTexts = this.#news(texts).map(({ list, from, to }) => {
      const all = Array.from({ length: to - from }, (_, i) => list.text(from + i));
      return { name: list.name, from, to, data: Buffer.from(JSON.stringify(all)) };
    });
    const contents: Contents = [
      ...newRows.map(({ list, from, to }) => ({ name: list.name, from, to, bytes: (to - from) * list.width * 4 })),
      ...newTexts.map(({ data, ...section }) => ({ ...section, bytes: data.length })),
    ];
    const out = new Output(this.#disk, path);
    try {
      out.write(Buffer.from(`${JSON.stringify(contents)}\n`));
      for (const { list, from, to } of newRows) writeRows(out, list, from, to);
      for (const { data } of newTexts) out.write(data);
      const written = out.end();
      forceFolder(this.#disk, this.#folder);
      return { file, ...written };
    } catch (error) {
      out.abandon();
      throw error;
    }
  }

  #news<L extends { readonly name: string; readonly size: number }>(lists: readonly L[]) {
    return lists
      .map((list) => ({ list, from: this.#written.get(list.name) ?? 0, to: list.size }))
      .filter(({ from, to }) => from < to);
  }

  #writeManifest(manifest: Manifest): void {
    const path = join(this.#folder, manifestName);
    const out = new Output(this.#disk, `${path}.new`);
    try {
      out.write(manifestBytes(manifest));
      out.end();
    } catch (error) {
      out.abandon();
      throw error;
    }
    this.#disk.renameSync(`${path}.new`, path);
    forceFolder(this.#disk, this.#folder);
  }
}

function writeRows(out: Output, rows: Rows, from: number, to: number): void {
  const { width } = rows;
  const atOnce = Math.max(1, Math.floor(numbersAtOnce / width));
  const buffer = new Uint32Array(Math.min(atOnce, to - from) * width);
  for (let row = from; row < to; row += atOnce) {
    const end = Math.min(to, row + atOnce);
    rows.copy(row, end, buffer);
    out.write(new Uint8Array(buffer.buffer, 0, (end - row) * width * 4));
  }
}

/** A file that is being written. */
class Output {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #isOpen = true;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
    this.#file = disk.openSync(path, 'w');
  }

  write(data: Uint8Array): void {
    this.#hash.update(data);
    this.#bytes += data.length;
    for (let at = 0; at < data.length; ) at += this.#disk.writeSync(this.#file, data, at, data.length - at);
  }

  /** Forces it to the disk. */
  end(): { readonly bytes: number; readonly sha256: string } {
    this.#disk.fsyncSync(this.#file);
    this.#close();
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Gives the room back: what has failed may have failed for the want of it. */
  abandon(): void {
    try {
      this.#close();
      this.#disk.rmSync(this.#path, { force: true });
    } catch {
      // it is of no use to anybody, and does no harm
    }
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#disk.closeSync(this.#file);
  }
}

/** That a file has a name is written in its folder. Windows opens no folder, and needs not be asked. */
function forceFolder(disk: Disk, folder: string): void {
  if (process.platform === 'win32') return;
  const file = disk.openSync(folder, 'r');
  try {
    disk.fsyncSync(file);
  } finally {
    disk.closeSync(file);
  }
}
