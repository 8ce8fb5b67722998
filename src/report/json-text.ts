/** Controls, invisible format characters and the line ends that JSON lets through. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<]/gu;

/**
 * A value as JSON in which nothing works that is only meant to be read: what is not seen, or could end a script of a
 * page that it is put into, is written as an escape. Parsed, it is the same.
 *
 * @param indent how many blanks a level is set in; without it all is one line
 */
export function jsonOf(value: unknown, indent?: number): string {
  // a line break can only be one that sets out the document: in a string it is an escape already
  return JSON.stringify(value, null, indent).replace(UNSEEN, (char) => (char === '\n' ? char : escaped(char)));
}

const escaped = (char: string): string =>
  Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
