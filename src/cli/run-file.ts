import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fromJson } from '../explore/json.ts';
import type { StepLabel } from '../explore/verdict.ts';
import { runFormat, runFormatVersion } from '../report/saved-run.ts';
import { safe } from '../report/text.ts';
import { sayingOf } from './blame.ts';
import { UsageError } from './usage-error.ts';

/** What is needed of a saved run to take it again; whatever else is in the file is for other readers. */
const ref = z.object({ actor: z.string(), self: z.int().min(0) });
const label = ref.extend({
  cause: z.enum(['spontaneous', 'mailbox', 'delay', 'loss']),
  message: z.looseObject({ type: z.string() }),
  from: ref.optional(),
  position: z.int().min(0).optional(),
  outcomes: z.array(z.enum(['delivered', 'lost', 'twice', 'leaves', 'stays'])),
});
const savedRun = z.object({
  format: z.literal(runFormat),
  version: z.literal(runFormatVersion),
  model: z.object({ name: z.string(), file: z.string() }),
  variant: z.object({
    name: z.string(),
    option: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  property: z.object({
    name: z.string(),
    of: z.enum(['always', 'step', 'precedes', 'deadlock', 'unhandled']),
  }),
  fault: z.string().optional(),
  run: z.object({ steps: z.array(z.object({ label })) }),
});

/** A run as it was saved. */
export interface SavedRun extends Omit<z.infer<typeof savedRun>, 'run' | 'format' | 'version'> {
  readonly labels: readonly StepLabel[];
}

/** @throws UsageError where it cannot be read, or is no run that `check --save-runs` has written */
export function readRun(file: string): SavedRun {
  const { run, ...rest } = parsed(file, textOf(file));
  return { ...rest, labels: run.steps.map((step) => step.label as StepLabel) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, sayingOf(error), 'a file that you may read: what holdfast check --save-runs has written');
  }
}

function parsed(file: string, text: string): z.infer<typeof savedRun> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, sayingOf(error), 'what holdfast check --save-runs has written');
  }
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format === runFormat && version !== runFormatVersion) {
    const known = `this Holdfast reads version ${runFormatVersion}, and it is of version ${safe(String(version))}`;
    throw unreadable(file, known, 'the Holdfast that has written it, or a run saved anew');
  }
  const isItf = typeof json === 'object' && json !== null && '#meta' in json;
  if (isItf)
    throw unreadable(file, 'it is in the Informal Trace Format, which has no steps', 'the .run.json beside it');
  const run = savedRun.safeParse(fromJson(json));
  if (run.success) return run.data;
  const why = z
    .prettifyError(run.error)
    .split('\n')
    .map((line) => safe(line.trim()))
    .join(' ');
  throw unreadable(
    file,
    why.length > 300 ? `${why.slice(0, 300)} …` : why,
    'what holdfast check --save-runs has written',
  );
}

const unreadable = (file: string, why: string, instead: string): UsageError =>
  new UsageError(`${safe(file)}: no saved run`, { code: 'E-RUN-FILE', where: safe(file), why, instead });
