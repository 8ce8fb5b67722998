import { toJson } from '../explore/json.ts';
import type { Refinement } from '../explore/refine.ts';
import type { Report } from '../explore/verdict.ts';
import { type Diff, type DiffEntry, diffStandingOf } from './diff.ts';
import { jsonOf } from './json-text.ts';

/** All of it as one document. Runs are there where they show a difference; data that JSON has no form for are as in saved runs. */
export function diffJson({ base, head, entries }: Diff, exit: number, version: string): string {
  return jsonOf(toJson({ holdfast: version, exit, base, head, entries: entries.map(entryJson) }), 2);
}

function entryJson(entry: DiffEntry): object {
  const standing = diffStandingOf(entry);
  if (entry.kind !== 'compared') return { standing, ...entry };
  const { base, head, behaviours, ...rest } = entry;
  return {
    standing,
    ...rest,
    base: sizesOf(base),
    head: sizesOf(head),
    behaviours:
      behaviours.kind === 'same graph'
        ? behaviours
        : { ...behaviours, added: refinementJson(behaviours.added), gone: refinementJson(behaviours.gone) },
  };
}

/** Times are no part of what was found out. */
function sizesOf({ stats, limit }: Report): object {
  const { states, transitions, deadlocks, unhandled, depth } = stats;
  return { states, transitions, deadlocks, unhandled, depth, ...(limit && { limit }) };
}

function refinementJson({ stats: { milliseconds: _, ...stats }, ...refinement }: Refinement): object {
  return { ...refinement, stats };
}
