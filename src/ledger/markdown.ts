import type { Evidence, Side } from './evidence.ts';

export { page, table } from '../report/docs/markdown.ts';

/** Words and tables that the pages share. */

/** The first line of every page that is generated. */
export const made = (command: string): string => `<!-- Made by \`${command}\`. Do not edit. -->`;

export const code = (text: string): string => `\`${text}\``;

/** A model, with a link to its page. */
export const model = (name: string): string => `[${code(name)}](models/${name}.md)`;

/** What the pages of models lead to where they name a row. */
export const anchor = (id: string): string => `<a id="${id}"></a>`;

/** A row in its table. */
export const row = (id: string): string => anchor(id) + id;

const count = (steps: number | undefined): string => `${steps} ${steps === 1 ? 'step' : 'steps'}`;

/** What was found, in a sentence: which verdict changes, between which variants, after how many steps. */
export function sentenceOf({ decision, unsafe, safe }: Evidence): string {
  const where = `${model(decision.model)}, **${decision.property}**:`;
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
