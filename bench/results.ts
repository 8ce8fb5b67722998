import type { Size } from './cases.ts';
import type { Machine } from './machine.ts';
import type { PagePart } from './page.ts';
import type { EverydayPart, ScalePart, SearchPart, WorkersPart, WorldPart } from './parts.ts';

/** All that one run of the benchmark has found out, and where. A part that was not asked for, or has failed, is not there. */
export interface Results {
  readonly machine: Machine;
  readonly size: Size;
  readonly rounds: number;
  readonly search?: SearchPart;
  readonly world?: WorldPart;
  readonly scale?: readonly ScalePart[];
  readonly workers?: WorkersPart;
  readonly everyday?: EverydayPart;
  readonly page?: PagePart;
}
