import type { Division } from '../divide.ts';
import type { Tuning } from '../tuning.ts';
import type { AgreementMemory } from './agreement.ts';
import type { KnownChange } from './known-pairs.ts';
import type { LogMemory } from './shared-log.ts';

/** Where a worker gets the composition from: what a module's function makes of plain data. */
export interface Origin {
  /** The URL of the module. */
  readonly module: string;
  readonly make: string;
  readonly given: unknown;
}

/** What a worker needs to go on with a search that another thread has begun. */
export interface Opening {
  readonly origin: Origin;
  /** Which of them it is, and how many there are. */
  readonly worker: number;
  readonly workers: number;
  /** Everything that has a number, by name: see `keep-system.ts`. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** The judges that are to be told, by their places among those of the model. */
  readonly judges: readonly number[];
  readonly agreement: AgreementMemory;
  readonly halves: readonly [LogMemory, LogMemory];
  readonly division: Division;
  readonly tuning: Tuning;
  readonly segments: readonly SharedArrayBuffer[];
  /** States that have a number. */
  readonly size: number;
  readonly known: KnownChange;
  readonly control: SharedArrayBuffer;
  readonly chunks: SharedArrayBuffer;
}

/** States that are expanded between two agreements on what is new. */
export interface Round {
  readonly first: number;
  readonly end: number;
  /** States in a chunk, and the number of chunks. */
  readonly chunk: number;
  readonly chunks: number;
  readonly depth: number;
}

/** What workers are told to do. All do the same, and the next is not said before all are done. */
export type Order =
  /** Load the module, which takes long: it will be needed. */
  | { readonly order: 'load'; readonly origin: Origin }
  | { readonly order: 'open'; readonly opening: Opening }
  /** Expand some chunks of a round, and gather what may be new. */
  | { readonly order: 'expand'; readonly round: Round }
  /** Of the candidates of which one is the owner: find out which are new. */
  | {
      readonly order: 'sift';
      readonly size: number;
      readonly known: KnownChange | null;
      /** By finder, those that are new. */
      readonly buffers: readonly (readonly SharedArrayBuffer[])[];
    }
  /** Number what is new, and tell the judges. */
  | {
      readonly order: 'number';
      readonly size: number;
      readonly until: number;
      readonly segments: readonly SharedArrayBuffer[];
    }
  | { readonly order: 'report' }
  | { readonly order: 'close' };

/** What a worker has done. */
export type Done =
  | { readonly done: 'load' | 'open' | 'number' | 'close' }
  | {
      readonly done: 'expand';
      /** How many candidates there are, by owner, and the buffers that are new. */
      readonly candidates: readonly number[];
      readonly buffers: readonly SharedArrayBuffer[];
      readonly transitions: number;
      /** How full the thread's own heap is: 1 where it has come to its end. */
      readonly heap: number;
    }
  | { readonly done: 'sift'; readonly fresh: number }
  | { readonly done: 'report'; readonly report: WorkerReport }
  | { readonly done: 'failed'; readonly isFull: boolean; readonly message: string };

/** What a worker has found out, at the end. */
export interface WorkerReport {
  /** Of each judge that was told, what it knows: an encoding. */
  readonly memories: string;
  /** By machine, all that XState was asked and its answers, and which of them steps took: see `keep-system.ts`. */
  readonly answers: readonly (readonly string[])[];
  readonly covered: readonly string[];
  readonly joints: number;
  readonly jointAnswers: number;
  readonly bytes: number;
}
