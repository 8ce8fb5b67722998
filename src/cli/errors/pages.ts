import type { Code } from '../../explore/codes.ts';
import { checkpoints, commands } from './commands.ts';
import { comparisons } from './comparisons.ts';
import { machines } from './machines.ts';
import { models } from './models.ts';
import type { ErrorPage } from './page.ts';
import { properties } from './properties.ts';
import { reports } from './reports.ts';
import { wires } from './wires.ts';

/** A page for every code: the compiler sees to it. */
export const pages: Readonly<Record<Code, ErrorPage>> = {
  ...models,
  ...machines,
  ...wires,
  ...properties,
  ...commands,
  ...checkpoints,
  ...reports,
  ...comparisons,
};
