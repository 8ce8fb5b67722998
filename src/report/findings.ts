import type { Surprise } from '../explore/check.ts';
import type { Change } from '../explore/measured.ts';
import type { Verdict } from '../explore/verdict.ts';
import { type Checked, expectedOf, fileOf, isUnsettled, messageOf, type Outcome, type Subject } from './outcome.ts';
import { runLines } from './run.ts';
import { plainScreen } from './screen.ts';
import { quoted, safe, shellWord } from './text.ts';
import { faultText, whyLines } from './why.ts';
import { isChange, labelOf, limitText, outcomeLabel, surpriseTexts, updateText, verdictText } from './words.ts';

/** One thing that is not as it should be: for reports that tell each by itself. */
export interface Finding {
  readonly file: string;
  readonly subject?: Subject;
  /** `unknown` is what a search that was stopped has left open; `error` a model that cannot be checked. */
  readonly kind: 'verdict' | 'figure' | 'unknown' | 'error';
  /** The property, or the figure, or `figures` for those that have changed; of what is no variant its file. */
  readonly name: string;
  /** Which variant of which model. */
  readonly label: string;
  /** What is wrong, in one line. */
  readonly title: string;
  /** Where there is a run that is explained: who races, and which step goes wrong. */
  readonly fault?: string;
  readonly verdict?: Verdict;
  /** All of it: the run, why, and how to see it again. */
  readonly lines: readonly string[];
}

const screen = plainScreen(120);
/** How many of a machine's transitions that have changed a title names. */
const NAMED = 3;

/** Everything of an outcome that is not as expected. What is said here is safe to be shown wherever text is. */
export function findingsOf(outcome: Outcome): Finding[] {
  if (outcome.kind !== 'checked') {
    const [title = '', ...lines] = messageOf(outcome).split('\n').map(safe);
    const file = fileOf(outcome);
    const of = outcome.kind === 'failed' ? { subject: outcome.subject } : {};
    const kind = outcome.kind === 'stale' ? 'figure' : 'error';
    return [{ file, kind, name: safe(file), label: outcomeLabel(outcome), title, lines, ...of }];
  }
  const expected = outcome.surprises.filter((surprise) => !isChange(surprise));
  return [...expected.map((surprise) => ofSurprise(outcome, surprise)), ...ofChanges(outcome), ...unsettled(outcome)];
}

/** Most of what has changed has one cause: it is one finding. */
function ofChanges({ subject, surprises }: Checked): Finding[] {
  const changes = surprises.filter(isChange);
  if (changes.length === 0) return [];
  const title = surpriseTexts(changes, NAMED).join('; ');
  const reproduce = `reproduce: ${['holdfast', 'check', ...subject.args].map(shellWord).join(' ')}`;
  const lines = [...surpriseTexts(changes), updateText(subject), reproduce];
  return [{ file: subject.file, subject, label: labelOf(subject), kind: 'figure', name: 'figures', title, lines }];
}

function ofSurprise(checked: Checked, surprise: Exclude<Surprise, Change>): Finding {
  const { subject, report } = checked;
  const at = { file: subject.file, subject, label: labelOf(subject) };
  const title = surpriseTexts([surprise])[0]!;
  if (surprise.kind === 'figure') return { ...at, kind: 'figure', name: safe(surprise.figure), title, lines: [] };
  const verdict = report.verdicts.find(({ property }) => property === surprise.property)!;
  return { ...at, ...ofVerdict(subject, verdict), kind: 'verdict', verdict };
}

/** What is said of a verdict by itself, be it as expected or not. */
export function ofVerdict(subject: Subject, verdict: Verdict): Pick<Finding, 'name' | 'title' | 'lines' | 'fault'> {
  const { property, kind, run, explanation } = verdict;
  const expected = expectedOf(subject.variant, property);
  const fault = run && explanation && faultText(explanation, run);
  return {
    name: safe(property),
    title: `${quoted(property)} ${verdictText(verdict)}, ${expected === kind ? 'as expected' : `expected ${expected}`}`,
    ...(fault !== undefined && { fault }),
    lines: [
      ...(run === undefined ? [] : [...runLines(run, [verdict], screen), ...whyLines([verdict], run, screen), '']),
      `reproduce: ${['holdfast', 'check', ...subject.args, '--property', property].map(shellWord).join(' ')}`,
    ].map((line) => line.trimEnd()),
  };
}

function unsettled({ subject, report }: Checked): Finding[] {
  const { limit } = report;
  return report.verdicts
    .filter((verdict) => isUnsettled(verdict, subject.variant))
    .map((verdict) => ({
      file: subject.file,
      subject,
      label: labelOf(subject),
      ...ofVerdict(subject, verdict),
      kind: 'unknown',
      title: `${quoted(verdict.property)} unknown${limit === undefined ? '' : `: ${limitText(limit)}`}`,
      verdict,
    }));
}
