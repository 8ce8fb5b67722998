import type { StepLabel } from '../explore/verdict.ts';
import { safe } from './text.ts';

/** What a test of a run is made of. */
interface TestOf {
  readonly option: object;
  readonly property: string;
  readonly labels: readonly StepLabel[];
  /** What it is called. */
  readonly title: string;
  /** What the reader of a failing test wants to see first: the run, who races. */
  readonly story: readonly string[];
  /** How the test imports Holdfast and the model. */
  readonly imports: { readonly holdfast: string; readonly model: string };
}

/**
 * A file for vitest that fails as long as the run can be taken and violates the property. It holds the run itself, so
 * that it stays what it is when the model changes.
 */
export function testText({ option, property, labels, title, story, imports }: TestOf): string {
  return [
    `import { retake } from ${literal(imports.holdfast)};`,
    "import { expect, test } from 'vitest';",
    `import model from ${literal(imports.model)};`,
    '',
    ...story.map((line) => `// ${safe(line)}`.trimEnd()),
    `test(${literal(safe(title))}, () => {`,
    '  const again = retake(model, {',
    `    option: ${literal(option)},`,
    `    property: ${literal(property)},`,
    '    steps: [',
    ...labels.map((label) => `      ${literal(label)},`),
    '    ],',
    '  });',
    "  expect(again.outcome).not.toBe('violated');",
    '});',
    '',
  ].join('\n');
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Plain data as source. Nothing in it can end a string or a line: what is not printable ASCII is an escape. */
export function literal(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `'${JSON.stringify(value)
        .slice(1, -1)
        .replaceAll('\\"', '"')
        .replaceAll("'", "\\'")
        .replace(/[^ -~]/g, escaped)}'`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${value.map(literal).join(', ')}]` : objectLiteral(value);
    default:
      return String(value);
  }
}

const escaped = (unit: string): string => [...Array(unit.length).keys()].map((i) => hex(unit.charCodeAt(i))).join('');

const hex = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** A field called `__proto__` would set the prototype, were it not computed. */
function objectLiteral(value: object): string {
  const fields = Object.entries(value).map(([key, field]) => {
    const name = key === '__proto__' ? "['__proto__']" : IDENTIFIER.test(key) ? key : literal(key);
    return `${name}: ${literal(field)}`;
  });
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
