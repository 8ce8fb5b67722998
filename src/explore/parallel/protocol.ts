import type { Division } from '../divide.ts';
import type { Tuning } from '../tuning.ts';
import type { AgreementMemory } from './agreement.ts';
import type { TableChange } from './known-tables.ts';
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
  /** Bytes that its matrix of bits may take. */
  readonly mostBytes: number;
}

/** What workers are told to do. All do the same, and the next is not said before all are done. */
export type Order =
  /** Load the module, which takes long: it will be needed. */
  | { readonly order: 'load'; readonly origin: Origin }
  | { readonly order: 'open'; readonly opening: Opening }
  /** Expand the states from one id up to another, and gather what may be new: candidates. */
  | {
      readonly order: 'expand';
      readonly from: number;
      readonly to: number;
      readonly depth: number;
      readonly mostBytes: number;
    }
  /** Find out which candidates are not new. */
  | {
      readonly order: 'sift';
      readonly size: number;
      /** Where there is no matrix of bits: those of the tables that have changed. */
      readonly tables: TableChange | null;
      /** By worker, its candidates, and those of their buffers that are new. */
      readonly boxes: readonly { readonly candidates: number; readonly buffers: readonly SharedArrayBuffer[] }[];
    }
  /** Number what is new of one's own candidates, from one id up to another, and tell the judges. */
  | {
      readonly order: 'number';
      readonly from: number;
      readonly to: number;
      readonly segments: readonly SharedArrayBuffer[];
    }
  | { readonly order: 'report' }
  | { readonly order: 'close' };

/** What a worker has done. */
export type Done =
  | { readonly done: 'load' | 'open' | 'number' | 'close' }
  | {
      readonly done: 'expand';
      readonly candidates: number;
      /** How many of the candidates each owner has at most. */
      readonly owned: readonly number[];
      /** Those that are new. */
      readonly buffers: readonly SharedArrayBuffer[];
      /** Whether what it knows is in a matrix of bits. */
      readonly hasMatrix: boolean;
      readonly transitions: number;
      /** How full the thread's own heap is: 1 where it has come to its end. */
      readonly heap: number;
    }
  | {
      readonly done: 'sift';
      /** By worker, how many of its candidates have been marked. */
      readonly marked: readonly number[];
      /** Pairs in this worker's own table, where there are tables. */
      readonly owned: number;
    }
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
