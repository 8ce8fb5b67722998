import { type Finding, findingsOf } from './findings.ts';
import type { Outcome, Subject } from './outcome.ts';

/** Where in a file something is annotated. */
export type Locate = (file: string, subject: Subject | undefined) => { readonly path: string; readonly line: number };

/** What GitHub shows of a message is cut off anyway. */
const LONGEST = { title: 200, message: 4_000 };

/**
 * A command of GitHub Actions for each thing that is not as expected: a line of the log that makes an annotation of
 * the file with the model.
 */
export function annotations(outcome: Outcome, locate: Locate): string[] {
  return findingsOf(outcome).map((finding) => annotation(finding, locate));
}

function annotation(finding: Finding, locate: Locate): string {
  const { kind, file, subject, label, title, fault } = finding;
  const { path, line } = locate(file, subject);
  const text = [title, ...(fault === undefined ? [] : [fault]), ...remedyOf(finding)];
  const properties = { file: path, line: String(line), title: cut(`Holdfast: ${label}`, LONGEST.title) };
  const told = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${kind === 'unknown' ? 'warning' : 'error'} ${told.join(',')}::${data(cut(text.join('\n'), LONGEST.message))}`;
}

/** What to do, without the runs and lists that the summary has. */
function remedyOf({ kind, subject, lines }: Finding): readonly string[] {
  if (kind === 'error' || subject === undefined) return lines;
  return lines.slice(kind === 'figure' ? -2 : -1);
}

/** What is cut must not end in half an escape: it is cut before it is escaped. */
const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)} …`);

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
