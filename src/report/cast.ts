import type { ActorView, Run } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { actorNames, data, keyText } from './text.ts';

/** How many replicas of an actor are told apart. */
const REPLICAS = 6;

/**
 * Who is who among the replicas that a run has to do with: of each the fields of its context that are not the same in
 * all of them at the start. `mount[1]` is a number; what it stands for is what the model has given it.
 *
 * @returns nothing where replicas start alike
 */
export function castLines(run: Run, indent: number, screen: Screen): string[] {
  const name = actorNames(run.initial);
  const met = new Set(
    run.steps.flatMap(({ label, changed }) => [label, ...changed.map(({ after }) => after)]).map(({ actor }) => actor),
  );
  const rows = [...Map.groupBy(run.initial, ({ actor }) => actor)].flatMap(([actor, replicas]): Cell[][] => {
    const told = met.has(actor) ? tellingFields(replicas) : [];
    if (told.length === 0) return [];
    const shown = replicas
      .slice(0, REPLICAS)
      .map((view): Cell[] => [
        [{ text: name(view), tone: 'strong' }],
        [{ text: told.map((key) => `${keyText(key)} ${data(fieldsOf(view)[key])}`).join(', ') }],
      ]);
    const more = replicas.length - shown.length;
    return more === 0 ? shown : [...shown, [[{ text: `and ${more} more` }]]];
  });
  const head = ['replica', 'at the start'].map((text): Cell => [{ text, tone: 'faint' }]);
  return rows.length === 0 ? [] : [...columns([head, ...rows], indent, screen), ''];
}

/** The fields in which replicas differ. */
function tellingFields(replicas: readonly ActorView[]): string[] {
  const keys = new Set(replicas.flatMap((view) => Object.keys(fieldsOf(view))));
  return [...keys].filter((key) => new Set(replicas.map((view) => data(fieldsOf(view)[key]))).size > 1);
}

const fieldsOf = ({ context }: ActorView): Readonly<Record<string, unknown>> =>
  typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : {};
