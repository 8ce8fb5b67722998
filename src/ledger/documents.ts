import { alternativesPage } from './alternatives-page.ts';
import { bugsPage } from './bugs-page.ts';
import { claimsPage } from './claims-page.ts';
import { audit, type Checked } from './evidence.ts';
import type { Gathered } from './gather.ts';
import { matrixPage } from './matrix-page.ts';
import { debtsOf } from './promises.ts';
import { type Check, weighRules } from './rulebook.ts';
import { rulesPage } from './rules-page.ts';

interface Documents {
  /** By path below the project's root. */
  readonly files: Readonly<Record<string, string>>;
  /** What is wrong with the ledgers; the documents may be read, but not published. */
  readonly problems: readonly string[];
}

/**
 * The pages, from the ledgers and the reports of every model.
 *
 * @param check for variants that no model has: the repaired kernel without one of its rules
 */
export function documents(gathered: Gathered, checked: readonly Checked[], check: Check): Documents {
  const found = audit(gathered, checked);
  const rulebook = weighRules(gathered, checked, check);
  return {
    files: {
      'docs/claims.md': claimsPage(gathered, found),
      'docs/bugs.md': bugsPage(gathered, found),
      'docs/alternatives.md': alternativesPage(gathered, found),
      'docs/matrix.md': matrixPage(checked, gathered.presets),
      'docs/rules.md': rulesPage(gathered, checked, rulebook, check),
    },
    problems: [...found.problems, ...rulebook.problems, ...debtsOf(checked, gathered.kernels)],
  };
}
