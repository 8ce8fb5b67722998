import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { shown } from './phrases.ts';
import type { Selected } from './selected.ts';
import type { Said } from './walk.ts';

interface Props {
  readonly selected: Selected;
  readonly onPick: (at: number) => void;
}

const SIGNS: Readonly<Record<Said, string>> = { true: '●', false: '✗', silent: '·', unclear: '?' };

/** For each property what it says at the step that is looked at, and a strip of what it says all along the way. */
export function Lamps({ selected, onPick }: Props): JSX.Element {
  const { graph, said, at, verdict } = selected;
  const order = useMemo(() => orderOf(selected), [selected.graph, selected.verdict]);
  return (
    <section class="lamps" aria-labelledby="lamps-title">
      <h2 id="lamps-title">Properties at step {at}</h2>
      <table>
        <thead class="unseen">
          <tr>
            <th scope="col">property</th>
            <th scope="col">now</th>
            <th scope="col">along the way</th>
          </tr>
        </thead>
        <tbody>
          {order.map((lamp) => {
            const { name, of } = graph.lamps[lamp]!;
            const now = said[lamp]![at] ?? 'silent';
            return (
              <tr class={name === verdict?.property ? 'asked' : ''}>
                <th scope="row" title={shown(name)}>
                  {shown(name, 60)}
                </th>
                <td class={`lamp ${toneOf(now, of)}`}>
                  <span aria-hidden="true">{now === 'false' && of === 'sometimes' ? '○' : SIGNS[now]}</span>{' '}
                  {wordOf(now, of)}
                </td>
                <td>
                  <Strip said={said[lamp]!} of={of} at={at} onPick={onPick} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** The one that the run is about first, then the others: claims before witnesses. */
function orderOf({ graph, verdict }: Selected): number[] {
  const rank = (lamp: number): number => {
    const { name, of } = graph.lamps[lamp]!;
    return name === verdict?.property ? 0 : of === 'sometimes' ? 2 : 1;
  };
  return graph.lamps.map((_, lamp) => lamp).sort((a, b) => rank(a) - rank(b) || a - b);
}

/** A witness that is not true here is no harm. */
function toneOf(said: Said, of: string): string {
  if (said === 'true') return 'good';
  if (said === 'unclear') return 'doubt';
  return said === 'silent' || of === 'sometimes' ? 'off' : 'bad';
}

/** A claim may be named by what must never be: so it is said whether it holds, and not whether its name is true. */
function wordOf(said: Said, of: string): string {
  if (said === 'silent') return 'says nothing';
  if (said === 'unclear') return 'unclear';
  if (of === 'sometimes') return said === 'true' ? 'reached' : 'not here';
  return said === 'true' ? 'holds' : 'broken';
}

interface StripProps {
  readonly said: readonly Said[];
  readonly of: string;
  readonly at: number;
  readonly onPick: (at: number) => void;
}

const WIDTH = 96;

function Strip({ said, of, at, onPick }: StripProps): JSX.Element {
  const each = Math.min(10, WIDTH / said.length);
  const cells = useMemo(() => runsOf(said), [said]);
  const text = cells
    .filter((cell) => cell.said === 'true' || cell.said === 'false')
    .map((cell) => `${wordOf(cell.said, of)} at ${cell.from === cell.to ? cell.from : `${cell.from} to ${cell.to}`}`);
  const pick = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onPick(Math.min(said.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * said.length))));
  };
  const width = each * said.length;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the page step too
    <svg
      class="strip"
      width={width}
      height="12"
      viewBox={`0 0 ${width} 12`}
      role="img"
      aria-label={text.join(', ') || 'says nothing anywhere'}
      onClick={pick}
    >
      {cells.map(({ from, to, said: what }) => (
        <rect class={toneOf(what, of)} x={from * each} y="2" width={(to - from + 1) * each} height="8" />
      ))}
      <rect class="here" x={at * each} y="0" width={Math.max(2, each)} height="12" />
    </svg>
  );
}

/** Places that say the same, told together. */
function runsOf(said: readonly Said[]): { said: Said; from: number; to: number }[] {
  const runs: { said: Said; from: number; to: number }[] = [];
  for (const [i, what] of said.entries()) {
    const last = runs.at(-1);
    if (last?.said === what) last.to = i;
    else runs.push({ said: what, from: i, to: i });
  }
  return runs;
}
