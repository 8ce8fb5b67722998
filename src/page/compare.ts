import type { VerdictKind } from '../explore/verdict.ts';

/** A report, as far as two can be compared: what the page carries, and what `check --json` prints, both have this. */
export interface Comparable {
  readonly holdfast: string;
  readonly models: readonly ComparableModel[];
}

export interface ComparableModel {
  readonly name: string;
  readonly file: string;
  readonly variants: readonly ComparableVariant[];
}

export interface ComparableVariant {
  readonly name: string;
  readonly stats: Readonly<Record<string, number>>;
  readonly verdicts: readonly ComparableVerdict[];
}

export interface ComparableVerdict {
  readonly property: string;
  readonly of: string;
  readonly kind: VerdictKind;
  readonly expected: VerdictKind;
  readonly steps?: number | undefined;
}

/** One thing that is not in both reports as it is in one. */
export interface Difference {
  readonly model: string;
  readonly variant: string;
  /** A property; or one of the figures; or nothing, where all of the variant is new or gone. */
  readonly what: string;
  readonly before: ComparableVerdict | number | undefined;
  readonly after: ComparableVerdict | number | undefined;
}

/** The figures that mean something: how long it took does not. */
const FIGURES = ['states', 'transitions', 'depth', 'deadlocks', 'unhandled'] as const;

/**
 * Reads a report: the JSON that `check --json` has printed, or a page that `check --html` has written.
 *
 * @throws Error where it is neither
 */
export function readReport(text: string): Comparable {
  const [, embedded] = /<script type="application\/json" id="report">([\s\S]*?)<\/script>/.exec(text) ?? [];
  let data: unknown;
  try {
    data = JSON.parse(embedded ?? text);
  } catch {
    throw new Error('It is neither what --json prints nor a page that --html has written.');
  }
  if (!isReport(data)) throw new Error('It is JSON, but no report of Holdfast.');
  return data;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isReport(data: unknown): data is Comparable {
  const all = (value: unknown, is: (each: Record<string, unknown>) => boolean): boolean =>
    Array.isArray(value) && value.every((each) => isObject(each) && is(each));
  const named = ({ name }: Record<string, unknown>): boolean => typeof name === 'string';
  return (
    isObject(data) &&
    typeof data.holdfast === 'string' &&
    all(
      data.models,
      (model) =>
        named(model) &&
        all(
          model.variants,
          (variant) =>
            named(variant) &&
            isObject(variant.stats) &&
            all(variant.verdicts, ({ property, kind }) => typeof property === 'string' && typeof kind === 'string'),
        ),
    )
  );
}

/** What differs, by model, variant and property; what is in one of them alone is told as such. */
export function differences(before: Comparable, after: Comparable): Difference[] {
  return pairs(before.models, after.models, ({ name }) => name).flatMap(([was, is]) =>
    pairs(was?.variants ?? [], is?.variants ?? [], ({ name }) => name).flatMap(([old, now]) => {
      const place = { model: (is ?? was)!.name, variant: (now ?? old)!.name };
      if (old === undefined || now === undefined) {
        const states = (now ?? old)!.stats.states;
        return [{ ...place, what: '', before: old && states, after: now && states }];
      }
      return variantDifferences(old, now).map((difference) => ({ ...place, ...difference }));
    }),
  );
}

/** What differs between two variants, be they of one report or of two. */
export function variantDifferences(
  before: ComparableVariant,
  after: ComparableVariant,
): Pick<Difference, 'what' | 'before' | 'after'>[] {
  const verdicts = pairs(before.verdicts, after.verdicts, ({ property }) => property)
    .filter(([was, is]) => was?.kind !== is?.kind || was?.steps !== is?.steps || was?.expected !== is?.expected)
    .map(([was, is]) => ({ what: (is ?? was)!.property, before: was, after: is }));
  const figures = FIGURES.filter((figure) => before.stats[figure] !== after.stats[figure]).map((figure) => ({
    what: figure,
    before: before.stats[figure],
    after: after.stats[figure],
  }));
  return [...verdicts, ...figures];
}

/** The members of two lists that have one name, side by side; of several with one name the first with the first. */
function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
): [T | undefined, T | undefined][] {
  const [was, is] = [before, after].map((list) => {
    const groups = [...Map.groupBy(list, nameOf)];
    return new Map(groups.flatMap(([name, all]) => all.map((one, i) => [`${i} ${name}`, one] as const)));
  });
  return [...new Set([...is!.keys(), ...was!.keys()])].map((key) => [was!.get(key), is!.get(key)]);
}
