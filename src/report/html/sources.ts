import { endOf, type Literal, literalAt } from './literal.ts';
import type { SourcePlace } from './page-data.ts';

/** A file that a model is made of. */
interface SourceFile {
  /** As a reader would type it. */
  readonly file: string;
  readonly text: string;
}

export interface Written extends SourcePlace {
  readonly doc?: string;
}

/** A statechart in its file. */
export interface WrittenMachine extends Written {
  /** The line of a transition: of the state at this path the so-manieth on this message, `always` included. */
  readonly lineOf: (path: readonly string[], on: string, index: number) => number | undefined;
}

interface WrittenProperty extends Written {
  readonly code: string;
}

/** Where models, machines and properties are written, by their names. What two files give one name to is left out. */
export interface Sources {
  readonly models: ReadonlyMap<string, Written>;
  readonly machines: ReadonlyMap<string, WrittenMachine>;
  readonly properties: ReadonlyMap<string, WrittenProperty>;
}

/**
 * Finds models, machines and properties in the text of their files: a model by the `name` in its `defineModel({ … })`, a machine
 * by the `id` in its `createMachine({ … })`, a property by the name that `always('…', …)` and the like are given. It reads what people write, it does not run it: a name that is
 * computed is not found, and has no line.
 */
export function sourcesOf(files: readonly WrittenFile[]): Sources {
  return {
    models: unambiguous(files.flatMap(({ models }) => models)),
    machines: unambiguous(files.flatMap(({ machines }) => machines)),
    properties: unambiguous(files.flatMap(({ properties }) => properties)),
  };
}

/** What one file says, by name. */
export interface WrittenFile {
  readonly models: readonly (readonly [name: string, written: Written])[];
  readonly machines: readonly (readonly [name: string, written: WrittenMachine])[];
  readonly properties: readonly (readonly [name: string, written: WrittenProperty])[];
}

export const writtenIn = (file: SourceFile): WrittenFile => ({
  models: modelsIn(file),
  machines: machinesIn(file),
  properties: propertiesIn(file),
});

function unambiguous<T extends SourcePlace>(found: readonly (readonly [name: string, written: T])[]): Map<string, T> {
  const byName = Map.groupBy(found, ([name]) => name);
  return new Map([...byName].flatMap(([name, all]) => (all.length === 1 ? [[name, all[0]![1]] as const] : [])));
}

// --------------------------------------------------------------------------------------------------- models and machines

const modelsIn = ({ file, text }: SourceFile): [string, Written][] =>
  [...text.matchAll(/\bdefineModel\s*\(/g)].flatMap((match): [string, Written][] => {
    const name = literalAt(text, match.index + match[0].length).members.get('name')?.text;
    if (name === undefined) return [];
    const statement = statementAt(text, match.index);
    return [[name, { file, line: linesOf(text)(statement), ...docAbove(text, statement) }]];
  });

function machinesIn({ file, text }: SourceFile): [string, WrittenMachine][] {
  const lines = linesOf(text);
  return [...text.matchAll(/\bcreateMachine\s*(?:<[^(]*>)?\(/g)].flatMap((match): [string, WrittenMachine][] => {
    const config = literalAt(text, match.index + match[0].length);
    const id = config.members.get('id')?.text;
    if (id === undefined) return [];
    const statement = statementAt(text, match.index);
    return [
      [
        id,
        {
          file,
          line: lines(statement),
          ...docAbove(text, statement),
          lineOf: (path, on, index) => {
            const at = transitionAt(config, path, on, index);
            return at === undefined ? undefined : lines(at);
          },
        },
      ],
    ];
  });
}

function transitionAt(config: Literal, path: readonly string[], on: string, index: number): number | undefined {
  let state: Literal | undefined = config;
  for (const name of path) state = state?.members.get('states')?.members.get(name);
  const delay = /^xstate\.after\.([^.]*)\./.exec(on)?.[1];
  const group = on === 'always' ? state : state?.members.get(delay === undefined ? 'on' : 'after');
  const all = group?.members.get(on === 'always' ? 'always' : (delay ?? on));
  return (all?.members.get(String(index)) ?? all)?.at;
}

// ----------------------------------------------------------------------------------------------------------- properties

const CLAIM = /\b(?:always|never|sometimes|step|precedes)\s*(?:<[^()]*>)?\(\s*(?=['"`])/g;
/** How much of a claim is shown. */
const LONGEST_CODE = 2_000;

function propertiesIn({ file, text }: SourceFile): [string, WrittenProperty][] {
  const lines = linesOf(text);
  return [...text.matchAll(CLAIM)].flatMap((match): [string, WrittenProperty][] => {
    const at = match.index + match[0].length;
    const name = literalAt(text, at).text;
    if (name === undefined) return [];
    const statement = statementAt(text, match.index);
    const code = text.slice(match.index, endOf(text, text.lastIndexOf('(', at)));
    return [
      [name, { file, line: lines(match.index), code: code.slice(0, LONGEST_CODE), ...docAbove(text, statement) }],
    ];
  });
}

// ---------------------------------------------------------------------------------------------------------------- places

/** Where the statement begins that this is part of: the last line before it that begins with `const` or `export`. */
function statementAt(text: string, at: number): number {
  const before = text.slice(0, at);
  const starts = [...before.matchAll(/^(?:export |const |let )/gm)];
  return starts.at(-1)?.index ?? at;
}

/** The doc comment that ends right above, without its stars. */
function docAbove(text: string, at: number): { doc?: string } {
  const before = text.slice(0, at).trimEnd();
  if (!before.endsWith('*/')) return {};
  const begin = before.lastIndexOf('/**');
  if (begin === -1 || before.slice(begin, -2).includes('*/')) return {};
  const doc = before
    .slice(begin + 3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .replace(/\{@link ([^}|]*)(?:\|[^}]*)?\}/g, '$1')
    .trim();
  return { doc };
}

/** The number of the line that a character is in. */
function linesOf(text: string): (at: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (at) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** The files that a file imports by a path: what of the specification is the user's own. */
export function importsOf(text: string): string[] {
  const statements = text.matchAll(/^\s*(?:import|export)\b[^'"]*?['"](\.{1,2}\/[^'"\n]+)['"]/gm);
  return [...statements].map(([, path]) => path!);
}
