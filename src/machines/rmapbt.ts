import { assign, setup } from 'xstate';

/**
 * The reverse map of a range that has failed: group by group, who owns it.
 *
 * Kept: several records for one block (files that share it), several groups, and that a record goes when its file is
 * truncated; who changes a record has its group's AGF. When the tree is stale is the log's to say; of what a stale tree may do,
 * only that it may lead back. Left out: the wrong owners that it may name (see I1), and the tree above its records.
 */
export const rmapbtMachine = setup({
  types: {
    context: {} as RmapInput,
    input: {} as RmapInput,
    events: {} as { type: 'record.removed'; file: number },
    tags: {} as 'rest',
  },
  actions: {
    remove: assign({
      groups: ({ context, event }) => context.groups.map((group) => group.filter(({ file }) => file !== event.file)),
    }),
  },
}).createMachine({
  id: 'rmapbt',
  context: ({ input }) => input,
  initial: 'there',
  states: {
    there: { tags: 'rest', on: { 'record.removed': { actions: 'remove' } } },
  },
});

/** What a block is to the file system: a page of a file, by the file's number, or metadata (-1). */
export interface Owner {
  readonly owner: 'data' | 'metadata';
  readonly file: number;
}

export interface RmapInput {
  readonly groups: readonly (readonly Owner[])[];
  /** The group whose AGF cannot be read, or -1. */
  readonly unreadable: number;
  /** What follows the last record of a group while the tree is stale: the next group; or the first record once more. */
  readonly whenStale?: 'finishes' | 'leadsBack';
}

/**
 * The record that a walk finds where it stands, and what comes after it: another record, by its number; another group; or nothing.
 *
 * @param leadsBack whether the last record of the group is followed by the first
 */
export function recordAt(
  groups: RmapInput['groups'],
  { group, record }: { readonly group: number; readonly record: number },
  leadsBack = false,
): { owner: 'data' | 'metadata' | 'none'; file: number; more: number | 'group' | 'nothing' } {
  const records = groups[group] ?? [];
  const found = records[record] ?? { owner: 'none' as const, file: -1 };
  if (record + 1 < records.length) return { ...found, more: record + 1 };
  if (leadsBack) return { ...found, more: 0 };
  return { ...found, more: group + 1 < groups.length ? 'group' : 'nothing' };
}
