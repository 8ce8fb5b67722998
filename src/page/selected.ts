import type { ModelData, PageData, VariantData, VerdictData } from '../report/html/page-data.ts';
import type { GraphView } from './graph-view.ts';
import type { Going, Route } from './route.ts';
import type { Said, Walk } from './walk.ts';

/** What all screens share: the report, and where the reader is in it. */
export interface Page {
  readonly data: PageData;
  readonly route: Route;
  /** Goes there. What is not said stays as it is. */
  readonly go: (to: Going) => void;
  /** The address of a place. */
  readonly link: (to: Going) => string;
  readonly selected: Selected | undefined;
}

/** The variant that is looked at, and the way through it. */
export interface Selected {
  readonly model: ModelData;
  readonly variant: VariantData;
  readonly verdict: VerdictData | undefined;
  readonly graph: GraphView;
  readonly walk: Walk;
  /** By lamp, what it says at each place of the way. */
  readonly said: readonly (readonly Said[])[];
  /** The place on the way: so many steps have been taken. */
  readonly at: number;
  /** Where the way leaves the run of the verdict; undefined where it does not. */
  readonly forkedAt: number | undefined;
  /** Whoever serves the page knows what can happen in a state that it does not have; undefined where nobody does. */
  readonly beyond: Beyond | undefined;
}

export interface Beyond {
  readonly ask: (variant: VariantData, state: number) => void;
  /** Why there was no answer; empty where there is none yet. */
  readonly failed: (variant: VariantData, state: number) => string;
}
