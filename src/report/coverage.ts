import type { ActorCoverage, Report, TransitionCoverage } from '../explore/verdict.ts';
import { type Cell, columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { count, safe } from './text.ts';

const INDENT = 3;

/** Every transition of every machine, and how much of it was tried: the table of `--coverage`. */
export function coverageLines({ coverage = [], neverTaken }: Report, screen: Screen): string[] {
  // a search that has not seen all states does not know what never comes
  const untried = neverTaken === undefined ? 'not seen' : 'never';
  const heads = ['coverage', 'local states', 'messages'].map((text): Cell => [{ text, tone: 'faint' }]);
  const rows = coverage.flatMap((machine) => [
    [[{ text: headText(machine), tone: 'strong' }] satisfies Cell],
    ...machine.transitions.map((transition) => transitionRow(transition, untried)),
  ]);
  return columns([heads, ...rows], INDENT, screen);
}

function headText({ actor, transitions }: ActorCoverage): string {
  const taken = transitions.filter(({ locals }) => locals > 0).length;
  return `${safe(actor)}: ${count(taken)} of ${count(transitions.length)} transitions taken`;
}

function transitionRow({ transition, locals, messages }: TransitionCoverage, untried: string): Cell[] {
  const text = { text: `  ${safe(transition)}` };
  if (locals === 0) return [[text], [{ text: untried.padStart('local states'.length), tone: 'doubt' }]];
  return [
    [text],
    [{ text: count(locals).padStart('local states'.length) }],
    [{ text: count(messages).padStart('messages'.length) }],
  ];
}
