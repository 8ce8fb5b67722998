import { z } from 'zod';
import { type Life, lifeOf, type Measured, sizes, type Taken } from '../explore/measured.ts';
import { jsonOf } from '../report/json-text.ts';

/** What was measured of a model, by variant. */
export type Figures = ReadonlyMap<string, Measured>;

/** What a file of figures says that it is. */
export const figuresFormat = 'holdfast.figures';
const figuresFormatVersion = 1;

/**
 * The figures of a model as text, a fact a line, so that what changes can be read in a difference of two versions.
 *
 * Transitions of machines are told once for all variants: in most of them most are the same.
 */
export function figuresText(figures: Figures): string {
  const variants = [...figures].map(([name, { steps, ...measured }]): Entry => {
    const lengths = [...steps].map(([property, length]): Entry => [property, String(length)]);
    const counted = sizes.map((size): Entry => [size, String(measured[size])]);
    return [name, block([...counted, ['steps', block(lengths, 3)]], 2)];
  });
  const document: readonly Entry[] = [
    ['format', jsonOf(figuresFormat)],
    ['version', String(figuresFormatVersion)],
    ['variants', block(variants, 1)],
    ['transitions', block(machineEntries(figures), 1)],
  ];
  return `${block(document, 0)}\n`;
}

type Entry = readonly [name: string, json: string];

const block = (entries: readonly Entry[], level: number): string => {
  const margin = '  '.repeat(level);
  const lines = entries.map(([name, json]) => `${margin}  ${jsonOf(name)}: ${json}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${margin}}`;
};

function machineEntries(figures: Figures): Entry[] {
  const all = [...figures.values()].map(({ taken }) => taken);
  return woven(all.map((taken) => [...taken.keys()])).map((actor) => {
    const transitions = woven(all.map((taken) => [...(taken.get(actor)?.keys() ?? [])]));
    const rows = transitions.map((name): Entry => {
      const lives = [...figures].map(([variant, { taken }]) => [variant, lifeOf(taken.get(actor)?.get(name))] as const);
      return [name, rowText(rowOf(lives))];
    });
    return [actor, block(rows, 2)];
  });
}

/** Lists as one: what is new in a list comes behind what it stands behind there. */
function woven(lists: readonly (readonly string[])[]): string[] {
  const all: string[] = [];
  for (const list of lists) {
    let next = 0;
    for (const name of list) {
      const at = all.indexOf(name);
      if (at === -1) all.splice(next, 0, name);
      next = (at === -1 ? next : at) + 1;
    }
  }
  return all;
}

// ------------------------------------------------------------------------------------------------------------ transitions

/** In which variants a transition is taken: in all, in none, or by name; in the others it is not, or is not there. */
type Row =
  | 'taken'
  | 'never taken'
  | { readonly 'taken in': readonly string[]; readonly 'not there in'?: readonly string[] | undefined };

function rowOf(lives: readonly (readonly [variant: string, life: Life])[]): Row {
  const having = (wanted: Life) => lives.flatMap(([variant, life]) => (life === wanted ? [variant] : []));
  const [taken, never, missing] = [having('taken'), having('never taken'), having('not there')];
  if (taken.length === lives.length) return 'taken';
  if (never.length === lives.length) return 'never taken';
  return { 'taken in': taken, ...(missing.length > 0 && { 'not there in': missing }) };
}

function rowText(row: Row): string {
  if (typeof row === 'string') return jsonOf(row);
  const lists = Object.entries(row).map(([life, names = []]) => {
    return `${jsonOf(life)}: [${names.map((name) => jsonOf(name)).join(', ')}]`;
  });
  return `{ ${lists.join(', ')} }`;
}

/** What a row says of a variant. */
function lifeIn(row: Row, variant: string): Life {
  if (typeof row === 'string') return row;
  if (row['not there in']?.includes(variant)) return 'not there';
  return row['taken in'].includes(variant) ? 'taken' : 'never taken';
}

const takenBy = (variant: string, rows: ReadonlyMap<string, ReadonlyMap<string, Row>>): Taken =>
  filled(rows, (machine) =>
    filled(machine, (row) => {
      const life = lifeIn(row, variant);
      return life === 'not there' ? undefined : life === 'taken';
    }),
  );

/** The map with what becomes of its values, without what becomes nothing. */
function filled<A, B>(map: ReadonlyMap<string, A>, become: (value: A) => B | undefined): ReadonlyMap<string, B> {
  const pairs = [...map].flatMap(([key, value]) => {
    const other = become(value);
    const isNothing = other === undefined || (other instanceof Map && other.size === 0);
    return isNothing ? [] : [[key, other] as const];
  });
  return new Map(pairs);
}

// ---------------------------------------------------------------------------------------------------------------- reading

/** An object by its names, whatever they are: a record would lose `__proto__`. */
const mapOf = <T>(value: z.ZodType<T>) =>
  z
    .custom<object>((json) => typeof json === 'object' && json !== null && !Array.isArray(json), 'expected an object')
    .transform((json) => Object.entries(json))
    .pipe(z.array(z.tuple([z.string(), value])))
    .transform((pairs): ReadonlyMap<string, T> => new Map(pairs));

const size = z.int().min(0);
const names = z.array(z.string());
const row: z.ZodType<Row> = z.union([
  z.enum(['taken', 'never taken']),
  z.strictObject({ 'taken in': names, 'not there in': names.optional() }),
]);
const document = z
  .strictObject({
    format: z.literal(figuresFormat),
    version: z.literal(figuresFormatVersion),
    variants: mapOf(
      z.strictObject({
        states: size,
        transitions: size,
        deadlocks: size,
        depth: size,
        steps: mapOf(size.nullable()),
      }),
    ),
    transitions: mapOf(mapOf(row)),
  })
  .superRefine(({ variants, transitions }, context) => {
    const rows = [...transitions.values()].flatMap((machine) => [...machine.values()]);
    const named = rows.flatMap((one) =>
      typeof one === 'string' ? [] : Object.values(one).flatMap((list) => list ?? []),
    );
    const stray = named.find((name) => !variants.has(name));
    if (stray !== undefined) {
      context.addIssue(`${JSON.stringify(stray)} is named under transitions, and is no variant`);
    }
  });

/**
 * What {@link figuresText} has written.
 *
 * @throws Error that says in one line what is wrong with it
 */
export function parsedFigures(text: string): Figures {
  const json: unknown = JSON.parse(text);
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format !== figuresFormat) throw new Error('it is no file of figures');
  if (version !== figuresFormatVersion) {
    throw new Error(`this Holdfast reads version ${figuresFormatVersion}, and it is of version ${String(version)}`);
  }
  const checked = document.safeParse(json);
  if (!checked.success) throw new Error(z.prettifyError(checked.error).replace(/\s+/g, ' '));
  const { variants, transitions } = checked.data;
  return new Map([...variants].map(([name, rest]) => [name, { ...rest, taken: takenBy(name, transitions) }]));
}
