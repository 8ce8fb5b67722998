import { match, P } from 'ts-pattern';
import type { Change } from '../explore/measured.ts';
import { count, listed, plural, quoted, safe } from './text.ts';

type StepsChange = Extract<Change, { what: 'steps' }>;
type TransitionChange = Extract<Change, { what: 'transition' }>;

/**
 * Every difference from what was measured before, in words; transitions that have the same fate stand together.
 *
 * @param most how many of these are named
 */
export function changeTexts(changes: readonly Change[], most = Number.POSITIVE_INFINITY): string[] {
  const transitions = changes.filter((change) => change.what === 'transition');
  const fates = Map.groupBy(transitions, ({ was, is }) => `${was}, ${is}`);
  return [
    ...changes.flatMap((change) => (change.what === 'transition' ? [] : [changeText(change)])),
    ...[...fates.values()].map((members) => transitionsText(members, most)),
  ];
}

/** What a change is of, for where there is only room for a name. */
export const changeName = (change: Change): string =>
  match(change)
    .with({ what: 'steps' }, { what: 'property' }, ({ property }) => safe(property))
    .with({ what: 'transition' }, () => 'transitions taken')
    .with({ what: 'variant' }, () => 'not measured before')
    .otherwise(({ what }) => what);

const changeText = (change: Exclude<Change, TransitionChange>): string =>
  match(change)
    .with({ what: 'variant' }, () => 'new, without figures so far')
    .with({ what: 'property' }, ({ property, is }) => `${quoted(property)} is ${is}`)
    .with({ what: 'steps' }, stepsText)
    .with({ what: 'depth' }, ({ was, is }) => {
      const way = is > was ? 'farther' : 'nearer';
      return `the farthest state is ${plural(Math.abs(is - was), 'step')} ${way} (depth ${count(is)}, was ${count(was)})`;
    })
    .otherwise(({ what, was, is }) => {
      const noun = what.slice(0, -1);
      return `${plural(Math.abs(is - was), noun)} ${is > was ? 'more' : 'fewer'} (${count(is)}, was ${count(was)})`;
    });

function stepsText({ property, of, verdict, was, is }: StepsChange): string {
  const name = quoted(property);
  const isWitness = of === 'sometimes';
  if (is === null) {
    if (isWitness) return `${name} is no longer reached (was after ${plural(was!, 'step')})`;
    const now = verdict === 'holds' ? 'now holds' : `is now ${verdict}`;
    return `${name} ${now} (was violated after ${plural(was!, 'step')})`;
  }
  if (was === null) return `${name} is now ${isWitness ? 'reached' : 'violated'}, after ${plural(is, 'step')}`;
  const way = is > was ? 'longer' : 'shorter';
  return `the shortest run that ${isWitness ? 'reaches' : 'breaks'} ${name} is ${plural(Math.abs(is - was), 'step')} ${way} (${count(is)}, was ${count(was)})`;
}

/** Of transitions that have the same fate. */
function transitionsText(changes: readonly TransitionChange[], most: number): string {
  const { was, is } = changes[0]!;
  const [noun, be] = changes.length === 1 ? ['transition', 'is'] : ['transitions', 'are'];
  const names = changes.map(({ actor, transition }) => quoted(`${actor}: ${transition}`));
  const fate = match([was, is] as const)
    .with([P._, 'not there'], () => `${be} gone (${was} before)`)
    .with(['not there', P._], () => `${be} new (${is})`)
    .otherwise(() => (is === 'taken' ? 'now taken' : 'no longer taken'));
  return `${noun} ${listed(names, most)} ${fate}`;
}
