import type { LimitReached, NeverTaken, Report } from '../explore/verdict.ts';
import { asText, jsonOf } from './json-text.ts';
import { type Checked, expectedOf, type Outcome, standingOf } from './outcome.ts';

/**
 * Everything that was found out, as one document: for scripts, for other reports.
 *
 * Violations carry their runs whole, witnesses only where `witnesses` says so: there are many of them, and they are the
 * good news. Values of a context that JSON has no form for are strings (`"10n"`, `"NaN"`, `"-0"`),
 * and fields that are undefined are left out.
 *
 * @param updated what of the figures beside the models is other than before, where they were measured anew
 */
export function jsonText(
  outcomes: readonly Outcome[],
  exit: number,
  version: string,
  unchecked: number,
  witnesses: boolean,
  updated?: readonly string[],
): string {
  const checked = outcomes.filter((outcome) => outcome.kind === 'checked');
  const models = Map.groupBy(checked, ({ subject }) => subject.file);
  const document = {
    holdfast: version,
    exit,
    unchecked,
    updated,
    models: [...models].map(([file, variants]) => ({
      name: variants[0]!.subject.model.name,
      about: variants[0]!.subject.model.about,
      file,
      variants: variants.map((one) => variantJson(one, witnesses)),
    })),
    errors: outcomes.flatMap((outcome) => {
      if (outcome.kind === 'checked') return [];
      const { message } = outcome;
      if (outcome.kind === 'unloadable') return [{ file: outcome.file, fault: 'spec', message }];
      if (outcome.kind === 'stale') return [{ file: outcome.file, fault: 'figures', message }];
      const { model, file, variant } = outcome.subject;
      return [{ file, model: model.name, variant: variant.name, fault: outcome.fault, message }];
    }),
  };
  return jsonOf(document, 2, asText);
}

/** The document where the command line asked for what is not there, or where the search was interrupted. */
export const errorJson = (message: string, exit: 2 | 130, version: string): string =>
  jsonOf(
    {
      holdfast: version,
      exit,
      unchecked: 0,
      models: [],
      errors: [{ fault: exit === 2 ? 'usage' : 'interrupted', message }],
    },
    2,
  );

function variantJson(checked: Checked, witnesses: boolean) {
  const { subject, report, surprises } = checked;
  return {
    name: subject.variant.name,
    option: subject.variant.option,
    standing: standingOf(checked),
    asExpected: standingOf(checked) === 'expected',
    ...reportJson(report, checked, witnesses),
    surprises,
  };
}

function reportJson(
  { verdicts, stats, limit, approximate, neverTaken, coverage, figures }: Report,
  { subject }: Checked,
  witnesses: boolean,
) {
  return {
    verdicts: verdicts.map(({ property, of, kind, run, ...rest }) => ({
      property,
      of,
      kind,
      expected: expectedOf(subject.variant, property),
      ...rest,
      run: of !== 'sometimes' || witnesses ? run : undefined,
    })),
    stats,
    limit: limit satisfies LimitReached | undefined,
    approximate,
    neverTaken: neverTaken satisfies NeverTaken | undefined,
    coverage,
    figures,
  };
}
