import type { SearchFigures } from '../../explore/figures.ts';
import type { OptionValue } from '../../explore/model.ts';
import type { LimitReached, PropertyKind, Stats, VerdictKind } from '../../explore/verdict.ts';
import type { Standing } from '../outcome.ts';
import type { Difference } from './compare.ts';

/**
 * What the page of a report is given, as JSON: everything that was found out, who takes part and what they look like, and a
 * part of each state graph to walk in. What grows with the models is told in numbers, of tables that are told once.
 */
export interface PageData {
  /** The version that wrote it, and what it was asked. */
  readonly holdfast: string;
  readonly args: readonly string[];
  readonly exit: number;
  /** Variants that `--bail` left out. */
  readonly unchecked: number;
  readonly models: readonly ModelData[];
  readonly machines: readonly MachineData[];
  readonly errors: readonly ErrorData[];
  /** Set where somebody listens who can go on where the graph ends. */
  readonly served?: true;
  readonly baseline?: BaselineData;
}

/** An earlier report that this one was compared with as it was written: what differs, and nothing else of it. */
export interface BaselineData {
  /** The file that it was in. */
  readonly name: string;
  /** The version that wrote it. */
  readonly holdfast: string;
  readonly differences: readonly Difference[];
}

export interface ErrorData {
  readonly file: string;
  readonly label: string;
  readonly fault: 'spec' | 'ours';
  readonly message: string;
}

export interface ModelData {
  readonly name: string;
  readonly about: string;
  readonly file: string;
  readonly sources: readonly string[];
  readonly properties: readonly PropertyData[];
  readonly variants: readonly VariantData[];
}

/** A line of a file that is the user's. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** A promise: what is claimed, and where it is written. */
export interface PropertyData {
  readonly name: string;
  readonly of: PropertyKind;
  /** What is claimed, in one line. */
  readonly about?: string;
  readonly witness?: string;
  readonly at?: SourcePlace;
  /** What its author says above it. */
  readonly doc?: string;
  /** The claim itself, as it is written. */
  readonly code?: string;
}

export interface VariantData {
  readonly name: string;
  readonly about: string;
  readonly option: Readonly<Record<string, OptionValue>>;
  readonly standing: Standing;
  /** What is not as expected, in sentences. */
  readonly surprises: readonly string[];
  /** The arguments that pick it again. */
  readonly args: readonly string[];
  readonly stats: Stats;
  readonly limit?: LimitReached;
  /** Where states were told by fingerprints: the chance, at most, that one was missed. */
  readonly approximate?: { readonly chance: number };
  readonly figures?: SearchFigures;
  readonly verdicts: readonly VerdictData[];
  /** One for each slot of a state. */
  readonly actors: readonly ActorData[];
  /** By machine, one for each of its transitions: in how many local states, and on how many messages, a step took it. */
  readonly tried: Readonly<Record<string, readonly (readonly [locals: number, messages: number])[]>>;
  readonly lamps: readonly LampData[];
  readonly graph: GraphData;
}

export interface VerdictData {
  readonly property: string;
  readonly of: PropertyKind;
  readonly kind: VerdictKind;
  readonly expected: VerdictKind;
  readonly steps?: number;
  readonly because?: string;
  /** The run that decides it: in each state, from the initial one on, the number of the step that it takes there. */
  readonly run?: readonly number[];
  /** Of a violation, in sentences: what is claimed, who races, what made it so, which order matters, what should have happened. */
  readonly why?: readonly (readonly [head: string, lines: readonly string[]])[];
  /** The nearest run in which all goes well. */
  readonly instead?: readonly number[];
}

export interface ActorData {
  readonly actor: string;
  readonly self: number;
  /** Whether there are several of this name. */
  readonly several: boolean;
  /** Its number among the machines. */
  readonly machine: number;
}

// ------------------------------------------------------------------------------------------------------------- the graph

/** The number of a state in the graph; the initial one is 0. */
export type GraphState = number;

/**
 * A part of a state graph, in tables. Tables only ever grow, so that a part that comes later is appended.
 *
 * An actor's local state, without its mail, is a row of `locals`; its mail is a row of `mails`. What is called code is an
 * encoding of data (`encode.ts`) and stands in `codes`.
 */
export interface GraphData {
  readonly codes: readonly string[];
  readonly locals: readonly LocalRow[];
  /** Lists of messages, in `codes`. The first is empty. */
  readonly mails: readonly (readonly number[])[];
  readonly labels: readonly LabelRow[];
  readonly sends: readonly (readonly SentRow[])[];
  /** Pairs of a slot and a transition of the machine that has it. */
  readonly moves: readonly (readonly number[])[];
  /** What each property says, a letter for each: see {@link LIGHTS}. */
  readonly lights: readonly string[];
  readonly states: readonly StateRow[];
  /** The states of which it is known what can happen in them. */
  readonly expanded: readonly ExpandedRow[];
}

/** What a letter of `lights` is of, in their order. */
export interface LampData {
  readonly name: string;
  readonly of: PropertyKind;
}

export type LocalRow = readonly [value: number, context: number, tags: number, armed: number, done: 0 | 1];
export type LabelRow = readonly [
  slot: number,
  cause: string,
  message: number,
  from: number,
  position: number,
  outcomes: string,
];
export type SentRow = readonly [from: number, message: number, to: number, how: string, outcome: string];
/** A state is told by what is not as in its parent, a state before it: slot, local state, mail, slot, … The first has none. */
export type StateRow = readonly [parent: GraphState, lights: number, ...changed: number[]];
export type ExpandedRow = readonly [state: GraphState, steps: readonly StepRow[], leftOut: number];
/** A step; where it is a verdict, `to` is where it went wrong, and the rest says what was not taken. */
export type StepRow = readonly [
  label: number,
  to: GraphState,
  sends: number,
  moves: number,
  lights: number,
  environment: 0 | 1,
  who?: number,
  message?: number,
  why?: 'not taken' | 'mailbox full',
];

/** True, false, silent, unclear; and of `precedes` what comes to pass. */
// biome-ignore lint/suspicious/noThenProperty: it is the other half of a precedence, and nothing awaits it
export const LIGHTS = { true: 'T', false: 'F', silent: '-', unclear: '?', first: 'f', then: 't', both: 'b' } as const;

// ------------------------------------------------------------------------------------------------------------- machines

export interface MachineData {
  readonly name: string;
  readonly at?: SourcePlace;
  readonly doc?: string;
  /** In the order in which they are written. */
  readonly transitions: readonly TransitionData[];
  readonly chart: Chart;
}

export interface TransitionData {
  /** `state on message`. */
  readonly text: string;
  /** Where in the machine's file. */
  readonly line?: number;
  /** What the author has called it: `meta: { step }`. */
  readonly step?: string;
}

export type Point = readonly [x: number, y: number];

/** What stands in a chart for a transition. */
export interface ChartLine {
  readonly text: string;
  /** Its number among the transitions of the machine. */
  readonly transition: number;
}

export interface ChartBox {
  /** The state; the machine itself is the empty path. */
  readonly path: readonly string[];
  readonly name: string;
  readonly kind: 'atomic' | 'final' | 'compound' | 'parallel';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The transitions that do not leave it. */
  readonly lines: readonly ChartLine[];
}

export interface ChartEdge {
  /** The control points of a curve: the first, then three for each piece. */
  readonly points: readonly Point[];
  readonly tip: Point;
  /** The middle of its lines. */
  readonly label?: Point;
  /** None where it leads from a dot to the state in which a machine, or a state of it, starts. */
  readonly lines: readonly ChartLine[];
}

/** A machine, laid out. Units are the page's. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ChartBox[];
  /** Where the dots are. */
  readonly starts: readonly Point[];
  readonly edges: readonly ChartEdge[];
}
