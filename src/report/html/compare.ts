import type { VerdictKind } from '../../explore/verdict.ts';

/** A report, as far as two can be compared: what the page carries, and what `check --json` prints, both have this. */
export interface Comparable {
  readonly holdfast: string;
  /** What was asked for, where the report says so. */
  readonly args?: readonly string[];
  readonly models: readonly ComparableModel[];
}

interface ComparableModel {
  readonly name: string;
  readonly file: string;
  readonly variants: readonly ComparableVariant[];
}

interface ComparableVariant {
  readonly name: string;
  readonly stats: Readonly<Record<(typeof FIGURES)[number], number>>;
  readonly verdicts: readonly ComparableVerdict[];
}

interface ComparableVerdict extends Said {
  readonly property: string;
}

/** What a report says of a property. */
export interface Said {
  readonly of: string;
  readonly kind: VerdictKind;
  readonly expected: VerdictKind;
  readonly steps?: number | undefined;
}

/** One thing that is not in both reports as it is in one. */
export interface Difference {
  readonly model: string;
  /** Of the later report, where it has the model. */
  readonly file: string;
  readonly variant: string;
  /** A property; or one of the figures; or nothing, where all of the variant is new or gone. */
  readonly what: string;
  readonly before?: Said | number | undefined;
  readonly after?: Said | number | undefined;
}

/** The figures that mean something: how long it took does not. */
const FIGURES = ['states', 'transitions', 'depth', 'deadlocks', 'unhandled'] as const;

const KINDS: Readonly<Record<VerdictKind, true>> = {
  holds: true,
  violated: true,
  unreached: true,
  vacuous: true,
  unknown: true,
};

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
    throw new Error('it is neither what --json prints nor a page that --html has written');
  }
  if (!isReport(data)) throw new Error('it is JSON, but no report of Holdfast');
  return data;
}

type Fields = Readonly<Record<string, unknown>>;

const areAll = (value: unknown, is: (each: Fields) => boolean): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null && is(each as Fields));
const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';

/** Everything that is compared is looked at: a report may have been made by anybody. */
function isReport(data: unknown): data is Comparable {
  return areAll([data], ({ holdfast, args, models }) => {
    const isAsked = args === undefined || (Array.isArray(args) && args.every(isText));
    return isText(holdfast) && isAsked && areAll(models, isModel);
  });
}

const isModel = ({ name, file, variants }: Fields): boolean =>
  isText(name) && isText(file) && areAll(variants, isVariant);

const isVariant = ({ name, stats, verdicts }: Fields): boolean =>
  isText(name) &&
  areAll([stats], (figures) => FIGURES.every((figure) => isNumber(figures[figure]))) &&
  areAll(verdicts, isVerdict);

const isVerdict = ({ property, of, kind, expected, steps }: Fields): boolean =>
  isText(property) && isText(of) && isKind(kind) && isKind(expected) && (steps === undefined || isNumber(steps));

const isKind = (value: unknown): boolean => typeof value === 'string' && Object.hasOwn(KINDS, value);

/** What differs, by model, variant and property; what is in one of them alone is told as such. */
export function differences(before: Comparable, after: Comparable): Difference[] {
  return pairs(before.models, after.models, ({ name }) => name).flatMap(([was, is]) =>
    pairs(was?.variants ?? [], is?.variants ?? [], ({ name }) => name).flatMap(([old, now]) => {
      const { name, file } = (is ?? was)!;
      const place = { model: name, file, variant: (now ?? old)!.name };
      if (old === undefined || now === undefined) {
        const states = (now ?? old)!.stats.states;
        return [{ ...place, what: '', before: old && states, after: now && states }];
      }
      return variantDifferences(asked(old, now, after), asked(now, old, before)).map((difference) => ({
        ...place,
        ...difference,
      }));
    }),
  );
}

/** Without the verdicts that the other report does not have since nobody asked for them. */
function asked(variant: ComparableVariant, other: ComparableVariant, { args }: Comparable): ComparableVariant {
  if (!args?.includes('--property')) return variant;
  const names = new Set(other.verdicts.map(({ property }) => property));
  return { ...variant, verdicts: variant.verdicts.filter(({ property }) => names.has(property)) };
}

/** What differs between two variants, be they of one report or of two. */
export function variantDifferences(
  before: ComparableVariant,
  after: ComparableVariant,
): Pick<Difference, 'what' | 'before' | 'after'>[] {
  const verdicts = pairs(before.verdicts, after.verdicts, ({ property }) => property)
    .filter(([was, is]) => was?.kind !== is?.kind || was?.steps !== is?.steps || was?.expected !== is?.expected)
    .map(([was, is]) => ({ what: (is ?? was)!.property, before: compared(was), after: compared(is) }));
  const figures = FIGURES.filter((figure) => before.stats[figure] !== after.stats[figure]).map((figure) => ({
    what: figure,
    before: before.stats[figure],
    after: after.stats[figure],
  }));
  return [...verdicts, ...figures];
}

/** Of a verdict what is compared: a report may say much more of it. */
function compared(verdict: ComparableVerdict | undefined): Said | undefined {
  if (verdict === undefined) return undefined;
  const { of, kind, expected, steps } = verdict;
  return { of, kind, expected, ...(steps !== undefined && { steps }) };
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
