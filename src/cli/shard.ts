import { createHash } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import type { Shard } from '../report/jsonl.ts';
import type { Subject } from '../report/outcome.ts';

/** `2/4`: the second of four. */
export function shardOf(text: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text.trim()) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new InvalidArgumentError('Write which part of how many: 1/4.');
  }
  return { index, count };
}

/** Whether a variant is of this shard: a matter of its name alone, so that no variant moves where others come or go. */
export function isIn({ index, count }: Shard, { model, variant }: Subject): boolean {
  const hash = createHash('sha256')
    .update(JSON.stringify([model.name, variant.name]))
    .digest();
  return hash.readUInt32BE() % count === index - 1;
}
