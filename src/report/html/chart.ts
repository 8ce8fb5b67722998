import type { Graph, Viz } from '@viz-js/viz';
import type { AnyStateMachine } from 'xstate';
import { nodesOf, transitionsOf } from '../../explore/anatomy.ts';
import { safe } from '../text.ts';
import type { Chart, ChartBox, ChartEdge, Point } from './page-data.ts';

/**
 * A machine drawn by Graphviz: where its states and transitions lie. The page makes the picture of it, so that it can be
 * lit.
 *
 * Graphviz is shown no name of a model: it gets boxes of the size that the texts need, and gives back their places. A transition
 * without a target is a line within its state, as in a statechart of UML, and so is one from a frame to what is in it, which
 * could only be drawn as if it began there; those from one state to one other share an arrow.
 */
export function chartOf(machine: AnyStateMachine, viz: Viz): Chart {
  const states = statesOf(machine);
  const arrows = arrowsOf(states);
  const { objects = [], edges = [], bb = '0,0,0,0' } = viz.renderJSON(graphOf(states, arrows)) as Laid;
  const [, , width = 0, height = 0] = bb.split(',').map(Number);
  const flip = (x: number, y: number): Point => [Math.round(x), Math.round(height - y)];
  const whole = { width: Math.ceil(width), height: Math.ceil(height) };
  const laid = new Map(objects.map((object) => [object.name, object]));
  const boxes = states.map((state): ChartBox => {
    const { path, name, kind, lines } = state;
    const box = { path, name, kind, lines, ...place(laid.get(nameOf(state)), flip) };
    // the frame of the machine is around all there is: a label may lie beside what Graphviz takes for it
    return isDrawnAsFrame(state) && path.length === 0 ? { ...box, x: 0, y: 0, ...whole } : box;
  });
  const starts = states.flatMap((state) => {
    const start = laid.get(`i${state.id}`);
    return start?.pos === undefined ? [] : [flip(...pair(start.pos))];
  });
  return {
    ...whole,
    boxes,
    starts,
    edges: edges.map((edge) => edgeOf(edge, arrows, flip)),
  };
}

// ------------------------------------------------------------------------------------------------------ what is to be drawn

interface State {
  readonly id: number;
  readonly path: readonly string[];
  readonly name: string;
  readonly kind: ChartBox['kind'];
  readonly children: State[];
  /** The child in which it starts. */
  readonly initial: number | undefined;
  /** What stands in its box: the transitions that do not leave it. */
  readonly lines: { readonly text: string; readonly transition: number }[];
  /** Transitions to other states, by the state. */
  readonly leaving: Map<number, { readonly text: string; readonly transition: number }[]>;
}

interface Arrow {
  readonly from: State;
  readonly to: State;
  readonly lines: { readonly text: string; readonly transition: number }[];
}

function statesOf(machine: AnyStateMachine): State[] {
  const nodes = nodesOf(machine);
  const numbers = new Map(nodes.map((node, id) => [node.id, id]));
  const states = nodes.map((node, id): State => {
    const initial = node.type === 'compound' ? node.initial?.target?.[0]?.id : undefined;
    return {
      id,
      path: node.path,
      name: clipped(safe(node.path.at(-1) ?? machine.id)),
      kind: kindOf(node),
      children: [],
      initial: initial === undefined ? undefined : numbers.get(initial),
      lines: [],
      leaving: new Map(),
    };
  });
  for (const [id, node] of nodes.entries()) {
    if (node.parent !== undefined) states[numbers.get(node.parent.id)!]!.children.push(states[id]!);
  }
  for (const [transition, { definition, on }] of transitionsOf(machine).entries()) {
    const state = states[numbers.get(definition.source.id)!]!;
    const text = lineOf(on, definition.guard);
    const [target] = definition.target ?? [];
    const to = target && numbers.get(target.id)!;
    if (to === undefined) state.lines.push({ text, transition });
    else if (states[to] !== state && isWithin(states[to]!, state)) {
      state.lines.push({ text: clipped(`${text} -> ${states[to]!.name}`), transition });
    } else state.leaving.set(to, [...(state.leaving.get(to) ?? []), { text, transition }]);
  }
  return states;
}

function kindOf({ type }: { readonly type: string }): ChartBox['kind'] {
  return type === 'final' || type === 'parallel' || type === 'compound' ? type : 'atomic';
}

/** How many characters of a line are drawn; the tables have the rest. */
const LONGEST = 36;

export const clipped = (text: string, most = LONGEST): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

function lineOf(on: string, guard: unknown): string {
  const message = on.replace(/^xstate\.after\.([^.]*)\..*/, 'after $1');
  const isNamed = typeof guard === 'string';
  return clipped(safe(guard === undefined ? message : `${message} [${isNamed ? guard : 'guarded'}]`));
}

const arrowsOf = (states: readonly State[]): Arrow[] =>
  states.flatMap((from) => [...from.leaving].map(([to, lines]) => ({ from, to: states[to]!, lines })));

// ---------------------------------------------------------------------------------------------------------- in Graphviz

/** The size of the letters that the page draws, in its units. */
export const LETTER = { width: 6.7, height: 14 } as const;
const PADDING = 10;
const PER_INCH = 72;

const isDrawnAsFrame = ({ children }: State): boolean => children.length > 0;
const nameOf = (state: State): string => (isDrawnAsFrame(state) ? `cluster_${state.id}` : `n${state.id}`);

/** A node to begin or end an arrow in; of a frame any that is in it. */
const anchorOf = (state: State): State => (isDrawnAsFrame(state) ? anchorOf(state.children[0]!) : state);

function graphOf(states: readonly State[], arrows: readonly Arrow[]): Graph {
  const root = states[0]!;
  const lines = [...states.flatMap((state) => startLine(state, states)), ...arrows.map(lineOfArrow)];
  return {
    directed: true,
    graphAttributes: { compound: true, rankdir: 'TB', nodesep: 0.25, ranksep: 0.35, fontname: 'Courier', fontsize: 11 },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    edgeAttributes: { fontname: 'Courier', fontsize: 11 },
    nodes: isDrawnAsFrame(root) ? [] : [nodeOf(root)],
    subgraphs: isDrawnAsFrame(root) ? [frameOf(root, lines)] : [],
    edges: isDrawnAsFrame(root) ? [] : lines.map(({ edge }) => edge),
  };
}

/** A line, and the states that it joins: it is drawn in the innermost frame that has both, so that the frame has room for it. */
interface Drawn {
  readonly ends: readonly [State, State];
  readonly edge: NonNullable<Graph['edges']>[number];
}

function lineOfArrow({ from, to, lines }: Arrow, i: number): Drawn {
  return {
    ends: [from, to],
    edge: {
      tail: `n${anchorOf(from).id}`,
      head: `n${anchorOf(to).id}`,
      attributes: {
        id: `a${i}`,
        label: sized(lines.map(({ text }) => text)),
        // a frame that contains the other end cannot be an end of the arrow
        ...(isDrawnAsFrame(from) && !isWithin(to, from) && { ltail: nameOf(from) }),
        ...(isDrawnAsFrame(to) && !isWithin(from, to) && { lhead: nameOf(to) }),
      },
    },
  };
}

const isWithin = (inner: State, outer: State): boolean =>
  inner === outer || outer.children.some((child) => isWithin(inner, child));

/** Where there is more than one state to start in, a dot shows which it is. */
function startLine(state: State, states: readonly State[]): Drawn[] {
  const { id, initial } = state;
  if (initial === undefined) return [];
  const target = states[initial]!;
  const lhead = isDrawnAsFrame(target) ? { lhead: nameOf(target) } : {};
  const edge = { tail: `i${id}`, head: `n${anchorOf(target).id}`, attributes: { id: `i${id}`, ...lhead } };
  return [{ ends: [state, target], edge }];
}

interface Nested {
  name: string;
  graphAttributes: Record<string, string | number | boolean>;
  nodes: { name: string; attributes?: Record<string, string | number | boolean> }[];
  subgraphs: Nested[];
  edges: NonNullable<Graph['edges']>[number][];
}

function frameOf(state: State, lines: readonly Drawn[]): Nested {
  const isOf = (frame: State) => (line: Drawn) => line.ends.every((end) => isWithin(end, frame));
  const [frames, leaves] = [true, false].map((frame) =>
    state.children.filter((child) => isDrawnAsFrame(child) === frame),
  );
  const start = { name: `i${state.id}`, attributes: { shape: 'circle', width: 0.12, height: 0.12 } };
  return {
    name: nameOf(state),
    graphAttributes: { label: sized(textsOf(state)), labeljust: 'l', margin: 10 },
    nodes: [...(state.initial === undefined ? [] : [start]), ...leaves!.map(nodeOf)],
    subgraphs: frames!.map((frame) => frameOf(frame, lines.filter(isOf(frame)))),
    edges: lines.filter((line) => !frames!.some((frame) => isOf(frame)(line))).map(({ edge }) => edge),
  };
}

function nodeOf(state: State): Nested['nodes'][number] {
  const texts = textsOf(state);
  const width = Math.max(...texts.map((text) => text.length), 4) * LETTER.width + 2 * PADDING;
  const height = texts.length * LETTER.height + PADDING;
  return { name: nameOf(state), attributes: { width: width / PER_INCH, height: height / PER_INCH } };
}

const textsOf = ({ name, lines }: State): string[] => [name, ...lines.map(({ text }) => text)];

/** A text that takes as much room as these lines. */
const sized = (texts: readonly string[]): string => texts.map((text) => 'm'.repeat(text.length)).join('\n');

// --------------------------------------------------------------------------------------------------------- from Graphviz

interface LaidObject {
  readonly name: string;
  readonly pos?: string;
  readonly width?: string;
  readonly height?: string;
  readonly bb?: string;
}

interface LaidEdge {
  readonly id: string;
  readonly pos: string;
  readonly lp?: string;
}

interface Laid {
  readonly bb?: string;
  readonly objects?: readonly LaidObject[];
  readonly edges?: readonly LaidEdge[];
}

type Flip = (x: number, y: number) => Point;

const pair = (text: string): [number, number] => {
  const [x = 0, y = 0] = text.split(',').map(Number);
  return [x, y];
};

function place(laid: LaidObject | undefined, flip: Flip): Pick<ChartBox, 'x' | 'y' | 'width' | 'height'> {
  if (laid?.bb !== undefined) {
    const [left = 0, bottom = 0, right = 0, top = 0] = laid.bb.split(',').map(Number);
    const [x, y] = flip(left, top);
    return { x, y, width: Math.round(right - left), height: Math.round(top - bottom) };
  }
  const [width, height] = [laid?.width, laid?.height].map((inches) => Math.round(Number(inches ?? 0) * PER_INCH));
  const [x, y] = flip(...pair(laid?.pos ?? '0,0'));
  return { x: Math.round(x - width! / 2), y: Math.round(y - height! / 2), width: width!, height: height! };
}

/** A spline of Graphviz, `e,x,y x,y x,y …`: where the head's tip is, and then a curve. */
function edgeOf({ id, pos, lp }: LaidEdge, arrows: readonly Arrow[], flip: Flip): ChartEdge {
  const words = pos.split(' ');
  const end = words.find((word) => word.startsWith('e,'));
  const points = words.filter((word) => /^[-\d.]/.test(word)).map((word) => flip(...pair(word)));
  const tip = end === undefined ? points.at(-1)! : flip(...pair(end.slice(2)));
  const arrow = id.startsWith('a') ? arrows[Number(id.slice(1))] : undefined;
  const label = lp === undefined ? {} : { label: flip(...pair(lp)) };
  return { points, tip, ...label, lines: arrow?.lines ?? [] };
}
