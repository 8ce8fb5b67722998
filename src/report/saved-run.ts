import { toJson } from '../explore/json.ts';
import type { Verdict } from '../explore/verdict.ts';
import { jsonOf } from './json-text.ts';
import type { Subject } from './outcome.ts';
import { faultText } from './why.ts';

/** What a saved run says that it is. A number is raised when old readers would misread what is written. */
export const runFormat = 'holdfast.run';
export const runFormatVersion = 1;

/**
 * A violation as a document of its own: what it is of, its run step by step, and why. `holdfast replay` takes the run
 * again; what it needs for that is the label of every step, all else is for other readers. `docs/formats.md` says
 * what each field is.
 */
export function savedRunText({ model, file, variant }: Subject, verdict: Verdict, version: string): string {
  const { property, of, about, run, explanation } = verdict;
  const document = {
    format: runFormat,
    version: runFormatVersion,
    holdfast: version,
    model: { name: model.name, file },
    variant: { name: variant.name, option: variant.option },
    property: { name: property, of, ...(about !== undefined && { about }) },
    ...(explanation && { fault: faultText(explanation, run!) }),
    run: toJson(run),
    ...(explanation && { explanation: toJson(explanation) }),
  };
  return `${jsonOf(document, 2)}\n`;
}
