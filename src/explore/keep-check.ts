import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Judge } from './judge.ts';
import type { Resumption, SearchStanding } from './keep-search.ts';
import { coveredOf, restoreCovered, restoreSystem, textsOf } from './keep-system.ts';
import { type Identity, type Kept, type Saved, unlike } from './kept.ts';
import type { Part } from './search.ts';
import type { System } from './system.ts';

/** The little that is written anew each time. */
interface Facts {
  readonly standing: SearchStanding;
  /** What each judge knows, see {@link Judge.memory}. */
  readonly judges: readonly (readonly [name: string, memory: object])[];
  readonly covered: readonly string[];
  /** How long it has been searched already. */
  readonly milliseconds: number;
}

/** A check as it is between two parts of its search. */
export function keptOf(
  identity: Identity,
  system: System,
  judges: readonly Judge[],
  part: Part,
  milliseconds: number,
): Kept {
  const { standing, rows } = part.keep();
  const facts: Facts = {
    standing,
    judges: judges.map(({ name, memory }) => [name, memory]),
    covered: coveredOf(system),
    milliseconds,
  };
  return { identity, facts: encode(facts, 'checkpoint'), rows, texts: textsOf(system) };
}

/**
 * Puts a check where another one was: what is returned is for its search.
 *
 * @param system one that has just been compiled
 * @throws Refused where it is of something else, or does not fit
 */
export function resume(
  saved: Saved,
  identity: Identity,
  system: System,
  judges: readonly Judge[],
): Resumption & { readonly milliseconds: number } {
  saved.agree(identity);
  const { standing, judges: memories, covered, milliseconds } = decode(saved.facts) as Facts;
  restoreSystem(system, saved);
  restoreCovered(system, covered);
  for (const [i, { name, memory }] of judges.entries()) {
    if (memories[i]?.[0] !== name) throw unlike(saved.where, `it knows nothing of "${name}"`);
    Object.assign(memory, memories[i][1]);
  }
  return { standing, saved, milliseconds };
}
