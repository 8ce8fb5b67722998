import { explained, explanationBudget } from '../../explore/explain/explain.ts';
import { compile } from '../../explore/system.ts';
import type { Run, Verdict } from '../../explore/verdict.ts';
import { endTexts } from '../run.ts';
import { plural, shellWord } from '../text.ts';
import { sectionsOf } from '../why.ts';
import type { DocumentedVariant, ModelEntry } from './gather.ts';
import { code, fenced, folded, plain } from './markdown.ts';
import { sequenceDiagram } from './sequence.ts';
import { runInWords } from './words.ts';

/** A run of more steps is shown on request. */
const SHORT = 12;
const LONGEST = 2_000;

/**
 * Of all variants that violate a property the shortest run, explained: in words, and as a diagram. Nothing where no variant
 * violates it.
 */
export function counterexample(entry: ModelEntry, property: string): string[] {
  const shortest = shortestOf(entry, property);
  if (shortest === undefined) return [];
  const { at, verdict: found } = shortest;
  const { variant } = entry.variants[at]!;
  const intro = (steps: string) => `The shortest run, ${steps}, is of ${code(variant.name)}:`;
  if (found.run === undefined) return [intro('of which nothing is known')];
  const verdict = explained(compile(entry.compositions[at]!), found, { states: explanationBudget });
  const run = verdict.run!;
  const command = ['holdfast', 'check', entry.file, '--variant', variant.name, '--property', property];
  const isLong = run.steps.length > SHORT;
  const drawn = diagram(run, verdict);
  return [
    intro(plural(run.steps.length, 'step')),
    ...why(verdict, run, ['fault', 'why', 'instead']),
    isLong ? folded(`The run as a diagram, ${plural(run.steps.length, 'step')}`, drawn) : drawn,
    folded('The run in words', ...telling(run, verdict)),
    `See it again: ${code(command.map(shellWord).join(' '), LONGEST)}`,
  ];
}

/** The first of those with the fewest steps. */
function shortestOf({ variants }: ModelEntry, property: string): { at: number; verdict: Verdict } | undefined {
  const violated = variants.flatMap(({ report }: DocumentedVariant, at) => {
    const verdict = report.verdicts.find((each) => each.property === property && each.kind === 'violated');
    return verdict === undefined ? [] : [{ at, verdict }];
  });
  const steps = ({ verdict }: { verdict: Verdict }) => verdict.steps ?? Number.POSITIVE_INFINITY;
  return violated.toSorted((a, b) => steps(a) - steps(b))[0];
}

function diagram(run: Run, verdict: Verdict): string {
  const lines = sequenceDiagram(run, verdict);
  return lines === undefined ? 'The diagram would be longer than Mermaid draws.' : fenced('mermaid', lines);
}

function telling(run: Run, verdict: Verdict): string[] {
  const { marks, left } = endTexts(run, [verdict]);
  return [
    run.steps.length === 0 ? 'Nothing has to happen.' : runInWords(run),
    `Then: ${[...marks, ...left].map((text) => plain(text, LONGEST)).join('; ')}.`,
    ...why(verdict, run, ['order', 'needed']),
  ];
}

/** What is said of it under these heads, a line for each. */
function why(verdict: Verdict, run: Run, heads: readonly string[]): string[] {
  const said = sectionsOf(verdict, run).filter(([head, lines]) => heads.includes(head) && lines.length > 0);
  const items = said.map(([head, lines]) => `- *${head}*: ${lines.map((line) => plain(line, LONGEST)).join('; ')}`);
  return items.length === 0 ? [] : [items.join('\n')];
}
