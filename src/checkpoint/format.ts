import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type Identity, Refused } from '../explore/kept.ts';

/**
 * A checkpoint is a folder: segments, to which nothing is ever done once they are written, and a manifest that says which of
 * them count. Each segment has what is new since the one before.
 *
 * The manifest is written under another name, forced to the disk, and renamed: whenever the process or the machine dies,
 * there is the old checkpoint or the new one. What it says ends with its own checksum, and it has that of every segment, so
 * that not a byte of a checkpoint can change and be believed.
 */
export interface Manifest {
  /** The version of this format. */
  readonly checkpoint: number;
  /** Long values as checksums, see {@link shortened}. */
  readonly identity: Identity;
  readonly facts: string;
  readonly rows: Readonly<Record<string, { readonly width: number; readonly size: number }>>;
  readonly texts: Readonly<Record<string, { readonly size: number }>>;
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The first line of a segment is what it has, in order. Then come rows, as numbers of 32 bits in the order of bytes of the machine, and
 * texts, as a JSON array.
 */
export type Contents = readonly {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}[];

export const format = 1;
export const manifestName = 'manifest';
export const segmentName = (number: number): string => `segment-${String(number).padStart(6, '0')}`;
export const numberOf = ({ file }: Segment): number => Number(file.slice(file.indexOf('-') + 1));

/** What is done to a disk; tests have one that fails. */
export type Disk = Pick<
  typeof fs,
  | 'openSync'
  | 'writeSync'
  | 'readSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'closeSync'
  | 'renameSync'
  | 'mkdirSync'
  | 'rmSync'
>;
export const realDisk: Disk = fs;

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The same identity with checksums for long texts. */
export const shortened = (identity: Identity): Identity =>
  Object.fromEntries(
    Object.entries(identity).map(([name, text]) => [name, text.length > 160 ? `sha256 ${sha256(text)}` : text]),
  );

export function manifestBytes(manifest: Manifest): Uint8Array {
  const body = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  return Buffer.concat([body, Buffer.from(`${sha256(body)}\n`)]);
}

/** @throws Refused where a single bit is not as it was written */
export function manifestOf(bytes: Uint8Array, folder: string): Manifest {
  const where = join(folder, manifestName);
  const body = bytes.subarray(0, Math.max(0, bytes.length - 65));
  if (!Buffer.from(`${sha256(body)}\n`).equals(bytes.subarray(body.length)))
    throw damaged(where, 'its last line is not the checksum of what stands above it');
  const manifest = JSON.parse(Buffer.from(body).toString()) as Manifest;
  if (manifest.checkpoint === format) return manifest;
  throw new Refused(`${folder}: a checkpoint in another format`, {
    code: 'E-CHECKPOINT-FORMAT',
    where,
    why: `it is written in format ${manifest.checkpoint}, and this version of Holdfast knows ${format}`,
    instead: `the version of Holdfast that wrote it; ${orAnew}`,
  });
}

export const orAnew = '--checkpoint with another folder begins anew';

export const damaged = (where: string, why: string): Refused =>
  new Refused('a damaged checkpoint', {
    code: 'E-CHECKPOINT-DAMAGED',
    where,
    why,
    instead: `a copy of the folder from before; ${orAnew}`,
  });
