import type { Report, Verdict } from '../explore/verdict.ts';
import type { Checked } from './evidence.ts';
import { code, made, page, table } from './markdown.ts';

/** `docs/matrix.md`: for each model, what each preset does to each property. */
export function matrixPage(checked: readonly Checked[], presets: readonly string[]): string {
  return page(
    made('npm run docs'),
    '# Verdicts',
    `Columns are kernels, from P0 (v5.19 and before) to P7 (next), and the design in which nothing is violated; a model has those of them that
differ in its question. A number is the length of a shortest run: to the violation, or to the witness.`,
    ...checked.flatMap((one) => sectionOf(one, presets)),
  );
}

function sectionOf({ file, model, reports }: Checked, presets: readonly string[]): string[] {
  const columns = presets.flatMap((preset) => reports.get(preset) ?? []);
  const others = [...reports.values()].filter(({ variant }) => !presets.includes(variant));
  const properties = [...new Set(columns.flatMap(({ verdicts }) => verdicts.map(({ property }) => property)))];
  const about = (variant: string) => model.variants.find(({ name }) => name === variant)!.about;
  const number = (n: number) => n.toLocaleString('en');
  return [
    `## ${model.name}`,
    `${model.about} (${code(file)}, [more](models/${model.name}.md))`,
    ...(columns.length > 0
      ? [
          table(
            ['', ...columns.map(({ variant }) => variant)],
            [
              ...properties.map((property) => [property, ...columns.map((report) => cellOf(report, property))]),
              ['states', ...columns.map(({ stats }) => number(stats.states))],
            ],
          ),
        ]
      : []),
    ...(others.length > 0
      ? [
          table(
            ['variant', 'what it stands for', 'what does not hold', 'states'],
            others.map((report) => [
              code(report.variant),
              about(report.variant),
              report.verdicts
                .filter(({ kind }) => kind !== 'holds')
                .map((verdict) => `${verdict.property}: ${wordOf(verdict)}`)
                .join('\n'),
              number(report.stats.states),
            ]),
          ),
        ]
      : []),
  ];
}

function cellOf(report: Report, property: string): string {
  const verdict = report.verdicts.find((each) => each.property === property);
  return verdict ? wordOf(verdict) : '';
}

function wordOf({ of, kind, steps }: Verdict): string {
  if (kind === 'violated') return steps === undefined ? '**violated**' : `**violated** ${steps}`;
  return of === 'sometimes' && kind === 'holds' ? `reached ${steps}` : kind;
}
