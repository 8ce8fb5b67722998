import type { Evidence, Side } from './evidence.ts';

/** Words and tables that the pages share. */

/** The first line of every page that is generated. */
export const made = (command: string): string => `<!-- Made by \`${command}\`. Do not edit. -->`;

/** A table whose cells are Markdown themselves. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');

export const code = (text: string): string => `\`${text}\``;

export const page = (...blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;

const count = (steps: number | undefined): string => `${steps} ${steps === 1 ? 'step' : 'steps'}`;

/** What was found, in a sentence: which verdict changes, between which variants, after how many steps. */
export function sentenceOf({ decision, unsafe, safe }: Evidence): string {
  const where = `${code(decision.model)}, **${decision.property}**:`;
  const note = decision.note ? `${decision.differs ? '*Not as expected.* ' : ''}${decision.note}` : '';
  const found =
    unsafe.verdict.of === 'sometimes'
      ? `${seen(unsafe)}, ${seen(safe)}.`
      : `violated in ${code(unsafe.variant)} (${count(unsafe.verdict.steps)}), holds in ${code(safe.variant)}${witnessed(safe)}.`;
  return [where, found, note].filter((part) => part !== '').join(' ');
}

const seen = ({ variant, verdict }: Side): string =>
  verdict.kind === 'holds'
    ? `reached in ${code(variant)} (${count(verdict.steps)})`
    : `not reached in ${code(variant)}`;

const witnessed = ({ witness }: Side): string =>
  witness ? ` (where ${witness.name}, after ${count(witness.steps)})` : '';
