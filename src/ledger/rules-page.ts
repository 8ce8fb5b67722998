import type { OptionValue } from '../explore/model.ts';
import { plainScreen } from '../report/screen.ts';
import { outcomeText } from '../report/terminal.ts';
import type { Checked } from './evidence.ts';
import type { Gathered } from './gather.ts';
import { code, model as linkTo, made, page, table } from './markdown.ts';
import { pairsOf } from './promises.ts';
import { type Ablation, after, before, type Check, largest, type Rulebook, setBack, type Weighed } from './rulebook.ts';

/** `docs/rules.md`: what the repaired kernel does otherwise, rule by rule, and what comes back without each. */
export function rulesPage(gathered: Gathered, checked: readonly Checked[], rulebook: Rulebook, check: Check): string {
  const { weighed } = rulebook;
  const covered = weighed.filter(({ rule }) => rule.beside !== undefined).length;
  const small = largest.toLocaleString('en');
  return page(
    made('npm run docs'),
    '# Ordering rules',
    `${code(after)} is ${code(before)} (v7.1) with ${weighed.length} options set otherwise (models/presets.ts). In it every invariant of every model holds, and all
that ${code(before)} can do is still done ([below](#what-it-does-not-do)). Each of the options is an ordering rule.`,
    `What a rule is worth is not argued but tried: it alone is dropped, in every variant called ${code(`${after}…`)} of up to ${small} states that
looks at it, and what is violated then is listed, with the length of a shortest run and the command that prints it. ${weighed.length - covered} rules are
needed by themselves. ${covered} are covered by another, and a run comes back only where both are dropped; their notes say how.`,
    table(
      ['', 'rule', 'answers', `option: ${before} → ${after}`, 'without it'],
      weighed.map((one, i) => [
        `[${i + 1}](#${i + 1}-${one.rule.option.toLowerCase()})`,
        one.rule.rule,
        one.rule.answers.join(', '),
        changeOf(one),
        [...new Set(one.ablations.flatMap(({ broken }) => broken.map(({ property }) => property)))].join('\n'),
      ]),
    ),
    ...weighed.flatMap(sectionOf),
    ...toldOf(gathered, checked, check),
    ...keptOf(gathered, checked),
  );
}

const changeOf = ({ rule, values }: Weighed): string =>
  `${code(rule.option)}: ${code(String(values.before))} → ${code(String(values.after))}`;

function sectionOf(one: Weighed, i: number): string[] {
  const { rule, tried, ablations } = one;
  const where = `${amount(tried.variants, 'variant')} of ${amount(tried.models, 'model')}`;
  return [
    `## ${i + 1}. ${rule.option}`,
    `**${rule.rule}**`,
    `Concerns ${rule.concerns.map(code).join(', ')}. Answers ${rule.answers.join(', ')}. ${changeOf(one)}.`,
    ...(rule.note === undefined ? [] : [rule.note]),
    rule.beside === undefined
      ? `Dropped in ${where}:`
      : `Dropped together with ${code(rule.beside)} in ${where}; listed is what neither breaks alone:`,
    table(
      ['model', 'violated', 'seen with'],
      ablations.map((ablation) => [
        linkTo(ablation.model),
        ablation.broken.map(({ property, steps }) => `${property} (${amount(steps ?? 0, 'step')})`).join('\n'),
        code(commandOf(ablation)),
      ]),
    ),
  ];
}

const amount = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const commandOf = ({ file, variant, back }: Pick<Ablation, 'file' | 'variant' | 'back'>): string =>
  `npm run holdfast -- ${argumentsOf(file, variant, back).join(' ')}`;

const argumentsOf = (file: string, variant: string, back: Readonly<Record<string, OptionValue>>): string[] => [
  'check',
  file,
  '--variant',
  variant,
  ...Object.entries(back).flatMap(([option, value]) => ['--option', `${option}=${value}`]),
];

/** One run as the terminal prints it. */
function toldOf({ told, kernels }: Gathered, checked: readonly Checked[], check: Check): string[] {
  const one = checked.find(({ model }) => model.name === told?.model);
  const base = one?.model.variants.find(({ name }) => name === told?.variant);
  if (!told || !one || !base) return [];
  const { file, model } = one;
  const back = { [told.option]: kernels[before]![told.option]! };
  const variant = setBack(base, back);
  const report = check(model, variant, true);
  const [, ...args] = argumentsOf(file, base.name, back);
  const text = outcomeText(
    {
      kind: 'checked',
      subject: { model, file, variant, args },
      report: { ...report, verdicts: report.verdicts.filter(({ property }) => property === told.property) },
      surprises: [],
    },
    { labels: 0, detail: false, runs: true, witnesses: new Set() },
    plainScreen(120),
  );
  // the first line has the time that it took
  const [, ...lines] = text.trimEnd().split('\n');
  return [
    '## One run in full',
    `The rule of ${code(told.option)} dropped in ${code(told.model)}, **${told.property}**:`,
    [
      '```text',
      ...lines
        .join('\n')
        .trim()
        .split('\n')
        .map((line, i) => (i === 0 ? `    ${line}` : line)),
      '```',
    ].join('\n'),
  ];
}

/** What the repaired kernel does not do for its promises. */
function keptOf({ kernels }: Gathered, checked: readonly Checked[]): string[] {
  const pairs = pairsOf(checked, kernels);
  const count = pairs.reduce((sum, { witnesses }) => sum + witnesses.length, 0);
  const vacuous = pairs.flatMap(({ model, to }) =>
    to.verdicts
      .filter(({ kind }) => kind === 'vacuous')
      .map(({ property }) => `${property} in ${code(model)} ${code(to.variant)}`),
  );
  return [
    '## What it does not do',
    `A kernel that refuses everything breaks nothing. So whatever ${code(before)} reaches, ${code(after)} has to reach as well: ${count} witnesses in
${pairs.length} pairs of variants, below with the lengths of the shortest runs to them. Invariants hold, and none for want of anything to
constrain${vacuous.length === 0 ? '' : `, but for those that are vacuous in ${code(before)} too (${vacuous.join('; ')})`}.`,
    `- It vetoes no unbind and no umount: each completes wherever it completes in ${code(before)}, with a file system that is mapped, shut down, half mounted, or
  no holder at all.
- It does not refuse what it is told: the handler walks, and owners handle events. What comes at the wrong time is recorded and replayed.
- It has no lock around everything: ${code('s_umount')} is tried and never waited for, and there is one ${code('mf_mutex')} for each file system. In
  ${code('world')} mount, umount, unbind, faults and the handling of an event meet, and each is reached.`,
    table(
      ['model', 'variants', `witness (${before} → ${after})`],
      pairs.map(({ model, from, to, witnesses }) => [
        linkTo(model),
        `${code(from.variant)}\n${code(to.variant)}`,
        witnesses.map((witness) => `${witness.name} (${witness.from} → ${witness.to ?? 'not reached'})`).join('\n'),
      ]),
    ),
  ];
}
