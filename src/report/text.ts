import type { Message } from '../explore/model.ts';
import type { ActorRef } from '../explore/verdict.ts';

/**
 * Words and figures for a reader. Whatever comes from a model goes through {@link safe} or {@link data}: a name with a
 * line break or an escape sequence in it must neither break a table nor repaint the terminal.
 */

/** Controls, invisible format characters (these can reorder what is read), lone surrogates, and code points that are no characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{NChar}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with everything that is not seen as itself written as an escape. */
export const safe = (text: string): string =>
  text.replace(UNSEEN, (char) => SHORT[char] ?? `\\u{${char.codePointAt(0)!.toString(16)}}`);

/** A name in quotes, where it stands in a sentence. */
export const quoted = (name: string): string => `"${safe(name)}"`;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Plain data as a line of source: `{value: 1, name: "x"}`. Values that differ are written differently. */
export function data(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return safe(JSON.stringify(value));
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : objectData(value);
    default:
      return String(value);
  }
}

function objectData(value: object): string {
  if (Array.isArray(value)) return `[${value.map(data).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, field]) => `${keyText(key)}: ${data(field)}`)
    .join(', ')}}`;
}

export const keyText = (key: string): string => (IDENTIFIER.test(key) ? key : data(key));

/** A message with its payload: `value.stored {value: 1}`. */
export function messageText({ type, ...payload }: Message): string {
  return Object.keys(payload).length === 0 ? safe(type) : `${safe(type)} ${data(payload)}`;
}

/** How an actor is called among those who take part: `counter`, or `clerk[1]` where there are several. */
export function actorNames(cast: readonly ActorRef[]): (ref: ActorRef) => string {
  const several = new Set(cast.filter(({ self }) => self > 0).map(({ actor }) => actor));
  return ({ actor, self }) => (several.has(actor) ? `${safe(actor)}[${self}]` : safe(actor));
}

/** The number with its thousands set apart, the same on every machine. */
export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** The number in at most five characters, as options take it: `9999`, `12.3k`, `1.20m`. */
export function short(n: number): string {
  if (n < 1e4) return String(n);
  const [unit, letter] = n < 999_500 ? [1e3, 'k'] : n < 999_500_000 ? [1e6, 'm'] : [1e9, 'g'];
  return `${(n / unit).toPrecision(3)}${letter}`;
}

/** `1 step`, `2 steps`. */
export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** The first of the names, and how many more there are. */
export const listed = (names: readonly string[], most: number): string => {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${count(names.length - most)} more` : shown;
};

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export const megabytes = (bytes: number): string => `${count(Math.round(bytes / 2 ** 20))} MB`;

/** A word of a shell's command line, quoted where it must be. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (safe(word) !== word) {
    const escaped = word.replace(/[\\']/g, '\\$&').replace(UNSEEN, (char) => {
      const hex = char.codePointAt(0)!.toString(16);
      return `\\U${hex.padStart(8, '0')}`;
    });
    return `$'${escaped}'`;
  }
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
