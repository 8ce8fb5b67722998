import { existsSync, readFileSync } from 'node:fs';
import { jsonOf } from '../json-text.ts';

/** The page without data, made by `npm run build:page`; two folders up from `src/report/` as from `dist/report/`. */
const TEMPLATE = new URL('../../../assets/report.html', import.meta.url);

const SLOT = '<script type="application/json" id="report">';

/** Whether the page has been made: in a package it always has, in a working copy `npm ci` does it. */
export const hasTemplate = (): boolean => existsSync(TEMPLATE);

/** The page with these data in it: one file that needs nothing else. */
export function pageWith(data: unknown): string {
  const template = readFileSync(TEMPLATE, 'utf8');
  const at = template.indexOf(SLOT) + SLOT.length;
  // no replace(): data may hold `$&`
  return template.slice(0, at) + scriptJson(data) + template.slice(at);
}

/**
 * JSON as it may stand in a `<script>`: no `<` that could begin a tag or a comment, no character that ends a line for some
 * readers and not for others, and none that is no text: whoever cuts the file at one of these cuts nothing.
 */
export const scriptJson = (data: unknown): string =>
  jsonOf(data, undefined, finite).replace(/[>&]/g, (char) => (char === '>' ? '\\u003e' : '\\u0026'));

/** Of a number that JSON has no form for its name: an option of a model may be `Infinity`. */
function finite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
