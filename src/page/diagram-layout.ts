import type { GraphView, StepView } from './graph-view.ts';
import { arrowed, changeLines, LITTLE, messageOf, nameOf, sentText, stateText, triggerText } from './phrases.ts';
import type { Walk } from './walk.ts';

/** A sequence diagram as places and texts: one lane for each actor that takes part, one band for each step. */
export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly bands: readonly Band[];
}

export interface Lane {
  readonly slot: number;
  readonly name: string;
  readonly state: string;
  /** Its middle. */
  readonly x: number;
  readonly width: number;
}

export interface Band {
  readonly y: number;
  readonly height: number;
  readonly trigger: {
    readonly x: number;
    readonly y: number;
    readonly text: string;
    readonly cause: StepView['cause'];
  };
  readonly arrows: readonly Arrow[];
  readonly marks: readonly Mark[];
  /** Where it goes wrong. */
  readonly broken?: { readonly x: number; readonly y: number; readonly text: string };
}

export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly text: string;
  readonly kind: 'call' | 'rendezvous' | 'queue' | 'fault';
}

/** What an actor has become. */
interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
  /** Its state, or only what it knows. */
  readonly kind: 'state' | 'data';
}

export const GUTTER = 44;
/** The width of a letter of the diagram. */
export const LETTER = 6.7;
const LINE = 22;
const PADDING = 8;
const [NARROWEST, WIDEST] = [76, 168];

/** Lanes of all actors that do or suffer something on the way, in the order in which they do, or of all there are. */
export function lanesOf(graph: GraphView, walk: Walk, hidden: ReadonlySet<number>, all: boolean): number[] {
  const involved = new Set(
    walk.steps.flatMap(({ slot, sent, to }, i) => [
      slot,
      ...sent.flatMap((one) => [one.from, one.to]),
      ...graph.changed(walk.states[i]!, to),
    ]),
  );
  const rest = all ? graph.actors.map((_, slot) => slot) : [];
  return [...new Set([...involved, ...rest])].filter((slot) => !hidden.has(slot));
}

export function diagramOf(graph: GraphView, walk: Walk, slots: readonly number[]): Diagram {
  const marks = walk.steps.map((step, i) => marksOf(graph, walk.states[i]!, step));
  const lanes = placed(graph, slots, marks);
  const laneOf = new Map(lanes.map((lane) => [lane.slot, lane]));
  const xOf = (slot: number): number | undefined => laneOf.get(slot)?.x;
  let y = 0;
  const bands = walk.steps.map((step, i): Band => {
    const band = bandOf(step, marks[i]!, y, xOf, laneOf);
    y += band.height;
    return band;
  });
  const last = lanes.at(-1);
  return { width: last === undefined ? GUTTER : last.x + last.width / 2 + 120, height: y, lanes, bands };
}

interface Became {
  readonly slot: number;
  readonly text: string;
  readonly kind: Mark['kind'];
}

function marksOf(graph: GraphView, from: number, { to }: StepView): Became[] {
  return graph.changed(from, to).flatMap((slot): Became[] => {
    const [before, after] = [graph.view(from, slot), graph.view(to, slot)];
    const [was, is] = [stateText(before), stateText(after)];
    if (was !== is) return [{ slot, text: is, kind: 'state' }];
    const [line] = changeLines(before, after, LITTLE).map(arrowed);
    return line === undefined ? [] : [{ slot, text: line, kind: 'data' }];
  });
}

function placed(graph: GraphView, slots: readonly number[], marks: readonly (readonly Became[])[]): Lane[] {
  const longest = new Map<number, number>();
  for (const { slot, text } of marks.flat()) longest.set(slot, Math.max(longest.get(slot) ?? 0, text.length));
  let left = GUTTER;
  return slots.map((slot) => {
    const name = nameOf(graph.actors[slot]!);
    const state = stateText(graph.view(0, slot), LITTLE);
    const letters = Math.max(name.length + 1, state.length, longest.get(slot) ?? 0);
    const width = Math.min(WIDEST, Math.max(NARROWEST, letters * LETTER + 3 * PADDING));
    const lane: Lane = { slot, name, state, x: Math.round(left + width / 2), width: Math.round(width) };
    left += width;
    return lane;
  });
}

function bandOf(
  step: StepView,
  became: readonly Became[],
  top: number,
  xOf: (slot: number) => number | undefined,
  laneOf: ReadonlyMap<number, Lane>,
): Band {
  let y = top + LINE - 4;
  const trigger = { x: xOf(step.slot) ?? GUTTER, y, text: triggerText(step, LITTLE), cause: step.cause };
  const arrows = step.sent.flatMap((sent): Arrow[] => {
    const [from, to] = [xOf(sent.from), xOf(sent.to)];
    if (from === undefined || to === undefined) return [];
    y += LINE;
    const said = sentText(sent);
    const isFault = sent.outcome !== '' && sent.outcome !== 'delivered';
    const text = isFault ? `${messageOf(sent.message, LITTLE)} (${said})` : messageOf(sent.message, LITTLE);
    return [{ from, to, y, text, kind: isFault ? 'fault' : sent.how }];
  });
  const visible = became.filter(({ slot }) => laneOf.has(slot));
  if (visible.length > 0) y += LINE;
  const marks = visible.map(({ slot, text, kind }): Mark => {
    const { x, width } = laneOf.get(slot)!;
    const room = Math.floor((width - 2 * PADDING) / LETTER);
    const cut = text.length > room ? `${text.slice(0, room - 1)}…` : text;
    return { x, y, width: Math.min(width - 4, cut.length * LETTER + 2 * PADDING), text: cut, kind };
  });
  const { unhandled } = step;
  if (unhandled !== undefined) y += LINE;
  const broken = unhandled && {
    x: xOf(unhandled.who) ?? GUTTER,
    y,
    text:
      unhandled.why === 'not taken'
        ? `does not take ${messageOf(unhandled.message, LITTLE)}`
        : `no room for ${messageOf(unhandled.message, LITTLE)}`,
  };
  return { y: top, height: y - top + 12, trigger, arrows, marks, ...(broken && { broken }) };
}
