import { type Located, SpecError } from '../explore/spec-error.ts';

/** The command line asks for what is not there: told as a mistake in a specification is, but with an exit code of its own. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(headline: string, located: Located) {
    super(new SpecError(headline, located).message);
  }
}
