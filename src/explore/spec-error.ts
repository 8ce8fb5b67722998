import type { Code } from './codes.ts';

/** Where it is, why it is wrong, what to write instead. */
export interface Located {
  /** What it is called, for `holdfast explain`. */
  readonly code: Code;
  readonly where: string;
  readonly why: string;
  readonly instead: string;
}

/** The specification is malformed or impure: the user's mistake, told without a stack. Anything else that is thrown is ours. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly code: Code;

  /** @param options the error of the specification that it is about, if there is one: its stack says where it stands */
  constructor(headline: string, { code, where, why, instead }: Located, options?: ErrorOptions) {
    super(
      `${headline}\n  where    ${where}\n  why      ${why}\n  instead  ${instead}\n  explain  holdfast explain ${code}`,
      options,
    );
    this.code = code;
  }
}

/** The known word nearest to a mistyped one, as ` (did you mean "x"?)`, or nothing where none is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  let best = '';
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const near = candidate.toLowerCase().startsWith(word.toLowerCase()) ? Math.min(distance, 1) : distance;
    if (near < least) [best, least] = [candidate, near];
  }
  return best === '' ? '' : ` (did you mean "${best}"?)`;
}

/** Levenshtein's distance: insertions, deletions and replacements that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
