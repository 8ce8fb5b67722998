/**
 * What judges know, as plain data, put together: what several were told of, each of a part of the states, as if one had been told of
 * all. Of what was found first it is the least state, since every state is told of, and expanded, by one thread, in order.
 */
export function mergeMemories(memory: object, other: object): void {
  const mine = memory as Record<string, unknown>;
  for (const [key, theirs] of Object.entries(other)) mine[key] = merged(key, mine[key], theirs);
}

function merged(key: string, mine: unknown, theirs: unknown): unknown {
  if (typeof mine === 'boolean') return mine || theirs === true;
  if (key === 'count') return (mine as number) + (theirs as number);
  if (mine === null || theirs === null) return mine ?? theirs;
  return idOf(theirs) < idOf(mine) ? theirs : mine;
}

/** A state, or a step from a state. */
function idOf(found: unknown): number {
  if (typeof found === 'number') return found;
  if (typeof found === 'object' && found !== null && 'id' in found && typeof found.id === 'number') return found.id;
  throw new Error(`a judge knows ${JSON.stringify(found)}, which cannot be put together`);
}
