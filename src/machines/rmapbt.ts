import { assign, setup } from 'xstate';

/**
 * The reverse map of a range that has failed: group by group, who owns it.
 *
 * Kept: several records for one block (files that share it), several groups, and that a record goes when its file is
 * truncated; who changes a record has its group's AGF. Left out: the tree, and a tree that is stale (see I1). `unreadable`
 * is the group whose AGF cannot be read, or -1.
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
  readonly unreadable: number;
}

/** The record that a walk finds where it stands, and what comes after it. */
export function recordAt(
  groups: RmapInput['groups'],
  { group, record }: { readonly group: number; readonly record: number },
): { owner: 'data' | 'metadata' | 'none'; file: number; more: 'record' | 'group' | 'nothing' } {
  const records = groups[group] ?? [];
  const found = records[record] ?? { owner: 'none' as const, file: -1 };
  const more = record + 1 < records.length ? 'record' : group + 1 < groups.length ? 'group' : 'nothing';
  return { ...found, more };
}
