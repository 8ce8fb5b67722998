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
  const found = `${foundIn(unsafe)}, ${foundIn(safe)}.`;
  return [where, found, note].filter((part) => part !== '').join(' ');
}

/** What a variant says of a property, and after how many steps. */
export function foundIn({ variant, verdict, witness }: Side): string {
  if (verdict.of === 'sometimes') {
    return verdict.kind === 'holds'
      ? `reached in ${code(variant)} (${count(verdict.steps)})`
      : `not reached in ${code(variant)}`;
  }
  if (verdict.kind === 'violated') return `violated in ${code(variant)} (${count(verdict.steps)})`;
  return `holds in ${code(variant)}${witness ? ` (where ${witness.name}, after ${count(witness.steps)})` : ''}`;
}
