import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Identity, Refused, type Saved } from '../explore/kept.ts';
import {
  type Contents,
  type Disk,
  damaged,
  type Manifest,
  manifestName,
  manifestOf,
  orAnew,
  realDisk,
  type Segment,
  shortened,
} from './format.ts';

const bytesAtOnce = 1 << 20;

/** A checkpoint in a folder. Everything in it has been compared with its checksum before anything in it is looked at. */
export class Reader implements Saved {
  readonly where: string;
  readonly facts: string;
  readonly manifest: Manifest;
  readonly #besides: Identity;
  readonly #disk: Disk;
  /** Where what is: by list, in order. */
  readonly #parts = new Map<string, Part[]>();

  /**
   * @param besides what it must have in common with the search that goes on from it, besides what that says itself
   * @throws Refused where there is none, or it is not as it was written
   */
  constructor(folder: string, besides: Identity, disk: Disk = realDisk) {
    this.where = folder;
    this.#besides = besides;
    this.#disk = disk;
    this.manifest = this.#manifest();
    this.facts = this.manifest.facts;
    for (const segment of this.manifest.segments) this.#verify(segment);
    for (const segment of this.manifest.segments) this.#index(segment);
  }

  agree(identity: Identity): void {
    const [then, now] = [this.manifest.identity, shortened({ ...this.#besides, ...identity })];
    const names = [...new Set([...Object.keys(now), ...Object.keys(then)])];
    const differences = names.filter((name) => then[name] !== now[name]);
    if (differences.length === 0) return;
    throw new Refused(`${this.where}: a checkpoint of something else`, {
      code: 'E-CHECKPOINT-OTHER',
      where: join(this.where, manifestName),
      why: differences.map((name) => difference(name, then[name], now[name])).join('; '),
      instead: `the model, the options and the version of Holdfast that it was written with; ${orAnew}`,
    });
  }

  *rows(name: string): Generator<Uint32Array> {
    const width = this.manifest.rows[name]?.width ?? 1;
    const atOnce = Math.max(1, Math.floor(bytesAtOnce / 4 / width)) * width * 4;
    for (const { file, from, bytes } of this.#parts.get(name) ?? []) {
      for (let at = 0; at < bytes; at += atOnce) {
        const data = this.#read(file, from + at, Math.min(atOnce, bytes - at));
        yield new Uint32Array(data.buffer, 0, data.length / 4);
      }
    }
  }

  *texts(name: string): Generator<string> {
    for (const { file, from, bytes } of this.#parts.get(name) ?? [])
      yield* JSON.parse(Buffer.from(this.#read(file, from, bytes)).toString()) as string[];
  }

  #manifest(): Manifest {
    const path = join(this.where, manifestName);
    let bytes: Uint8Array;
    try {
      bytes = this.#open(manifestName, (file) => this.#readAt(file, 0, this.#disk.fstatSync(file).size));
    } catch (error) {
      throw new Refused(`${this.where}: no checkpoint`, {
        code: 'E-NO-CHECKPOINT',
        where: path,
        why: error instanceof Error ? error.message : String(error),
        instead: 'a folder that --checkpoint has written to; that was stopped too early where it has written none',
      });
    }
    return manifestOf(bytes, this.where);
  }

  #verify({ file, bytes, sha256 }: Segment): void {
    const path = join(this.where, file);
    try {
      this.#open(file, (open) => {
        const { size } = this.#disk.fstatSync(open);
        if (size !== bytes) throw damaged(path, `it has ${size} bytes, and was written with ${bytes}`);
        const hash = createHash('sha256');
        for (let at = 0; at < size; at += bytesAtOnce)
          hash.update(this.#readAt(open, at, Math.min(bytesAtOnce, size - at)));
        if (hash.digest('hex') !== sha256) throw damaged(path, 'its checksum is not the one that it was written with');
      });
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw damaged(path, error instanceof Error ? error.message : String(error));
    }
  }

  /** Looks up where in a segment is what. */
  #index({ file, bytes }: Segment): void {
    let head = '';
    while (!head.includes('\n'))
      head += Buffer.from(this.#read(file, head.length, Math.min(4096, bytes - head.length))).toString('latin1');
    const end = head.indexOf('\n');
    const contents = JSON.parse(Buffer.from(head.slice(0, end), 'latin1').toString()) as Contents;
    let from = end + 1;
    for (const { name, bytes: size } of contents) {
      const parts = this.#parts.get(name) ?? [];
      parts.push({ file, from, bytes: size });
      this.#parts.set(name, parts);
      from += size;
    }
  }

  #read(file: string, from: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#open(file, (open) => this.#readAt(open, from, length));
  }

  #readAt(file: number, from: number, length: number): Uint8Array<ArrayBuffer> {
    const data = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const got = this.#disk.readSync(file, data, at, length - at, from + at);
      if (got === 0) throw new Error(`it ends after ${from + at} bytes`);
      at += got;
    }
    return data;
  }

  #open<T>(file: string, use: (open: number) => T): T {
    const open = this.#disk.openSync(join(this.where, file), 'r');
    try {
      return use(open);
    } finally {
      this.#disk.closeSync(open);
    }
  }
}

function difference(name: string, was: string | undefined, is: string | undefined): string {
  if (was === undefined) return `${name} was not there`;
  if (is === undefined) return `${name} is not there any more`;
  // long texts are told apart by checksums, which say nothing to a reader
  return [was, is].some((text) => text.startsWith('sha256 '))
    ? `${name} has changed`
    : `${name} was ${was} and is ${is}`;
}

interface Part {
  readonly file: string;
  readonly from: number;
  readonly bytes: number;
}
