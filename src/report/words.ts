import { match } from 'ts-pattern';
import type { Surprise } from '../explore/check.ts';
import type { Change } from '../explore/measured.ts';
import type { LimitReached, Verdict } from '../explore/verdict.ts';
import { changeTexts } from './changes.ts';
import type { Outcome, Subject } from './outcome.ts';
import { count, plural, safe, shellWord } from './text.ts';

/** What is said in more than one place of a report, so that it is said the same everywhere. */

export const labelOf = ({ model, variant, file, isNamesake }: Subject): string =>
  safe(`${model.name} ${variant.name}${isNamesake ? ` (${file})` : ''}`);

export const outcomeLabel = (outcome: Outcome): string =>
  'subject' in outcome ? labelOf(outcome.subject) : safe(outcome.file);

/** `violated after 6 steps`. */
export function verdictText({ kind, of, steps, because }: Verdict): string {
  return match(kind)
    .with('violated', () => `violated${after(steps)}`)
    .with('holds', () => (of === 'sometimes' ? `reached${after(steps)}` : 'holds'))
    .with('unreached', () => 'unreached: no reachable state satisfies it')
    .with('vacuous', () => `vacuous${because === undefined ? '' : `: ${safe(because)}`}`)
    .with('unknown', () => 'unknown')
    .exhaustive();
}

const after = (steps: number | undefined): string => {
  if (steps === undefined) return '';
  return steps === 0 ? ' in the initial state' : ` after ${plural(steps, 'step')}`;
};

/**
 * `I5 Outcome: expected violated, found holds`; properties of which the same is to be said stand together. Last what is not
 * as it was measured before.
 *
 * @param most how many of a machine's transitions are named
 */
export function surpriseTexts(surprises: readonly Surprise[], most?: number): string[] {
  const [changes, others] = [surprises.filter(isChange), surprises.filter((surprise) => !isChange(surprise))];
  const named = others.map((surprise) =>
    match(surprise)
      .with({ kind: 'verdict' }, ({ property, expected, found }) => {
        return { name: safe(property), differs: `expected ${expected}, found ${found}` };
      })
      .with({ kind: 'figure' }, ({ figure, expected, found }) => {
        const number = found === undefined ? 'none' : count(found);
        return { name: safe(figure), differs: `expected ${count(expected)}, found ${number}` };
      })
      .exhaustive(),
  );
  const groups = Map.groupBy(named, ({ differs }) => differs);
  const expected = [...groups].map(([differs, members]) => `${members.map(({ name }) => name).join(', ')}: ${differs}`);
  return [...expected, ...changeTexts(changes, most)];
}

/** What to do about figures that have changed. */
export const updateText = ({ file }: Subject): string =>
  `where this is meant, holdfast check ${shellWord(file)} --update takes it over; where not, the model means something else now`;

/** Whether it is not what a person has said of the variant that it differs from, but what was measured of it before. */
export const isChange = (surprise: Surprise): surprise is Change => surprise.kind === 'change';

/** What stopped a search; a bound as the option that sets it. */
export function limitText({ limit, value }: LimitReached): string {
  return match(limit)
    .with('states', () => `--max-states ${count(value)} reached`)
    .with('depth', () => `--max-depth ${count(value)} reached`)
    .with('time', () => `--max-time ${value / 1000}s reached`)
    .with('memory', () => `--max-memory ${Math.round(value / 2 ** 20)}m reached`)
    .with('bail', () => 'stopped by --bail at the first violation')
    .with('worker', () => `one of ${value} workers ended before its time`)
    .exhaustive();
}

/** A chance that is at most so much: two digits, rounded up. */
export function chanceText(chance: number): string {
  if (chance >= 0.01) return `${Math.min(100, Math.ceil(chance * 100))}%`;
  const exponent = Math.floor(Math.log10(chance));
  const tenths = Math.ceil((chance / 10 ** exponent) * 10);
  return tenths < 100 ? `${(tenths / 10).toFixed(1)}e${exponent}` : `1.0e${exponent + 1}`;
}

/** What an approximate search says where it has found nothing that is news. */
export const unprovedText = 'approximate: nothing unexpected found, nothing proved';
