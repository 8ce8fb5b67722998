import type { Assignment, Model, OptionValue, Variant } from '../explore/model.ts';
import type { Report, Verdict } from '../explore/verdict.ts';
import type { Checked } from './evidence.ts';
import type { Gathered } from './gather.ts';
import type { Rule } from './rows.ts';

/** The kernel that the rules start from, and the one that keeps them all: presets, and the beginnings of variants' names. */
export const before = 'P6';
export const after = 'repaired';

/** Larger spaces would be explored once for every option that they look at. */
export const largest = 20_000;

/** Checks a variant of a model that need not be one of its own; with runs, where they are to be told. */
export type Check = (model: Model, variant: Variant, runs?: boolean) => Report;

/** A variant of the repaired kernel in which one rule is dropped, and something breaks. */
export interface Ablation {
  readonly file: string;
  readonly model: string;
  /** Of the repaired kernel. */
  readonly variant: string;
  /** What is set back. */
  readonly back: Readonly<Record<string, OptionValue>>;
  readonly broken: readonly Verdict[];
}

/** A rule with what it is worth. */
export interface Weighed {
  readonly rule: Rule;
  readonly values: { readonly before: OptionValue; readonly after: OptionValue };
  /** Where it was dropped: variants, of so many models. */
  readonly tried: { readonly variants: number; readonly models: number };
  readonly ablations: readonly Ablation[];
}

export interface Rulebook {
  readonly weighed: readonly Weighed[];
  readonly problems: readonly string[];
}

/** A variant with options set back, as the command line names it. */
export function setBack({ name, option }: Variant, back: Readonly<Record<string, OptionValue>>): Variant {
  const text = Object.entries(back).map(([key, value]) => `${key}=${value}`);
  return { name: `${name},${text.join(',')}`, about: '', option: { ...option, ...back }, expect: {}, figures: {} };
}

/** Drops every rule by itself, in every small variant of the repaired kernel that looks at its option. */
export function weighRules(
  { rules, kernels, ...ledgers }: Gathered,
  checked: readonly Checked[],
  check: Check,
): Rulebook {
  const [from, to] = [kernels[before] ?? {}, kernels[after] ?? {}];
  const differing = Object.keys(to).filter((option) => from[option] !== to[option]);
  const rows = new Set([...ledgers.claims, ...ledgers.bugs, ...ledgers.hazards].map(({ id }) => id));
  const named = rules.map(({ option }) => option);
  const problems = [
    ...differing.filter((option) => !named.includes(option)).map((option) => `${option}: no rule says why it differs`),
    ...named
      .filter((option, i) => named.indexOf(option) !== i)
      .map((option) => `${option}: there is more than one rule`),
  ];

  const once = remembering(check);
  const weighed = rules.flatMap((rule): Weighed[] => {
    const { option, beside, answers } = rule;
    const say = (what: string) => problems.push(`the rule of ${option}: ${what}`);
    if (!differing.includes(option)) {
      say(`${after} does not differ from ${before} there`);
      return [];
    }
    for (const row of answers.filter((id) => !rows.has(id))) say(`there is no row ${row}`);
    const setBackAll = (options: readonly string[]) => {
      const back = Object.fromEntries(options.map((each) => [each, from[each]!]));
      const grounds = groundsOf(checked, back, to);
      return { grounds, ablations: grounds.flatMap((ground) => ablationOf(ground, back, once) ?? []) };
    };
    const alone = setBackAll([option]);
    const { grounds, ablations } = beside === undefined ? alone : setBackAll([option, beside]);
    if (ablations.length === 0) say('nothing breaks without it');
    if (beside !== undefined && alone.ablations.length > 0) say(`something breaks without it, ${beside} or not`);
    const models = new Set(grounds.map(({ file }) => file)).size;
    return [
      {
        rule,
        values: { before: from[option]!, after: to[option]! },
        tried: { variants: grounds.length, models },
        ablations: shortestOf(ablations),
      },
    ];
  });
  return { weighed, problems };
}

/** What is asked of a rule alone is asked of it again beside another. */
function remembering(check: Check): Check {
  const reports = new Map<string, Report>();
  return (model, variant) => {
    const name = `${model.name} ${variant.name}`;
    const report = reports.get(name) ?? check(model, variant);
    reports.set(name, report);
    return report;
  };
}

interface Ground {
  readonly file: string;
  readonly model: Model;
  readonly variant: Variant;
}

/** Small variants of the repaired kernel that have these options as it has them, and could have them otherwise. */
function groundsOf(
  checked: readonly Checked[],
  back: Readonly<Record<string, OptionValue>>,
  repaired: Assignment,
): Ground[] {
  return checked.flatMap(({ file, model, reports }) =>
    repairedIn(model)
      .filter(({ name }) => reports.get(name)!.stats.states <= largest)
      .filter(({ option }) => Object.keys(back).every((each) => option[each] === repaired[each]))
      .filter(() => Object.entries(back).every(([each, value]) => model.options[each]?.includes(value)))
      .map((variant) => ({ file, model, variant })),
  );
}

/** What breaks when all of this is set back, and would not if only a part of it were. */
function ablationOf(
  { file, model, variant }: Ground,
  back: Readonly<Record<string, OptionValue>>,
  check: Check,
): Ablation | undefined {
  const violated = (some: Readonly<Record<string, OptionValue>>) =>
    check(model, setBack(variant, some)).verdicts.filter(({ kind }) => kind === 'violated');
  const parts = Object.entries(back);
  const alone = parts.length === 1 ? [] : parts.flatMap(([option, value]) => violated({ [option]: value }));
  const broken = violated(back).filter(({ property }) => !alone.some((other) => other.property === property));
  return broken.length === 0 ? undefined : { file, model: model.name, variant: variant.name, back, broken };
}

/** Of a model that breaks in several variants, each property where its run is shortest, or else first. */
function shortestOf(ablations: readonly Ablation[]): Ablation[] {
  const length = ({ steps = Number.POSITIVE_INFINITY }: Verdict) => steps;
  return ablations.flatMap((one, i) => {
    const broken = one.broken.filter((verdict) =>
      ablations.every((other, j) => {
        const same = other.model === one.model && other.broken.find(({ property }) => property === verdict.property);
        return !same || length(verdict) < length(same) || (length(verdict) === length(same) && i <= j);
      }),
    );
    return broken.length === 0 ? [] : [{ ...one, broken }];
  });
}

/** The variants of a model that stand for the repaired kernel. */
export const repairedIn = ({ variants }: Model): readonly Variant[] => variants.filter(({ name }) => isOf(after, name));

/** `repaired`, `repaired-handover` */
export const isOf = (kernel: string, variant: string): boolean =>
  variant === kernel || variant.startsWith(`${kernel}-`);
