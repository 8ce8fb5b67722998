import { bugsPage } from './bugs-page.ts';
import { claimsPage } from './claims-page.ts';
import { audit, type Checked } from './evidence.ts';
import type { Gathered } from './gather.ts';
import { matrixPage } from './matrix-page.ts';

export interface Documents {
  /** By path below the project's root. */
  readonly files: Readonly<Record<string, string>>;
  /** What is wrong with the ledgers; the documents may be read, but not published. */
  readonly problems: readonly string[];
}

/** The pages, from the ledgers and the reports of every model. */
export function documents(gathered: Gathered, checked: readonly Checked[]): Documents {
  const found = audit(gathered, checked);
  return {
    files: {
      'docs/claims.md': claimsPage(gathered, found),
      'docs/bugs.md': bugsPage(gathered, found),
      'docs/matrix.md': matrixPage(checked, gathered.presets),
    },
    problems: found.problems,
  };
}
