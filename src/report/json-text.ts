/** Controls, invisible format characters, the line ends that JSON lets through, what is no character, and what begins markup. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{NChar}<]/gu;

/**
 * A value as JSON in which nothing works that is only meant to be read: what is not seen, or could end a script of a
 * page that it is put into, is written as an escape. Parsed, it is the same.
 *
 * @param indent how many blanks a level is set in; without it all is one line
 * @param replacer as `JSON.stringify` takes it
 */
export function jsonOf(value: unknown, indent?: number, replacer?: (key: string, value: unknown) => unknown): string {
  // a line break can only be one that sets out the document: in a string it is an escape already
  return JSON.stringify(value, replacer, indent).replace(UNSEEN, (char) => (char === '\n' ? char : escaped(char)));
}

/** For data that JSON has no form for: as strings, `"10n"`, `"NaN"`, `"-0"`. They cannot be read back. */
export function asText(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  return value;
}

const escaped = (char: string): string =>
  Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
