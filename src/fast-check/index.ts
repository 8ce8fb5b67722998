/**
 * Random runs of a model for fast-check, and what takes a real implementation along them.
 *
 * ```ts
 * import { assert, asyncProperty } from 'fast-check';
 * import { follow, runs } from 'holdfast/fast-check';
 *
 * const implementation = {
 *   start: () => new Counter(),
 *   take: (real: Counter, { label }: RunStep) => (label.message.type === 'load' ? real.load(label.self) : real.store(label.self)),
 *   seen: (real: Counter) => real.value,
 *   meant: (room: Room) => (room('counter').context as { value: number }).value,
 * };
 * await assert(asyncProperty(runs(model, 'locked'), (run) => follow(run, implementation)));
 * ```
 */

import { type Arbitrary, toStringMethod } from 'fast-check';
import { type Choice, chosen } from '../explore/choose.ts';
import type { Model } from '../explore/model.ts';
import { replay } from '../explore/replay.ts';
import { opened } from '../explore/simulate/simulate.ts';
import { SpecError } from '../explore/spec-error.ts';
import type { Run } from '../explore/verdict.ts';
import { runLines } from '../report/run.ts';
import { plainScreen } from '../report/screen.ts';
import { Labels } from './labels.ts';

export type { Choice } from '../explore/choose.ts';
export { Deviation, follow, type Implementation, type Room } from './follow.ts';

/**
 * The runs that `holdfast simulate` takes: half of them random step by step, half by random priorities. Each is told by plain XState: of every
 * step who took which message, what was sent, and the actors that changed, as they were and as they are.
 *
 * Smaller runs are runs of the model too. A step that is a verdict (`unhandled`) is never taken.
 *
 * @param variant by name, or by values of options; it may be left out where the model has only one
 * @param limits.depth the most steps of a run; 100 unless told
 */
export function runs(
  model: Model,
  variant: string | Choice = {},
  { depth = 100 }: { readonly depth?: number } = {},
): Arbitrary<Run> {
  const variants = chosen(model, typeof variant === 'string' ? { variant } : variant);
  if (variants.length !== 1) throw several(model);
  const system = opened(model, variants[0]!);
  return new Labels(system, depth).map(
    (labels) => readable(replay(system.composition, labels).run),
    (run) => (run as Run).steps.map(({ label }) => label),
  );
}

/** fast-check prints a run as the terminal does. */
const readable = (run: Run): Run =>
  Object.defineProperty(run, toStringMethod, {
    value: () => `\n${runLines(run, [], plainScreen(120)).join('\n')}\n`,
  });

const several = ({ name, variants }: Model): SpecError =>
  new SpecError(`${name}: runs of which variant?`, {
    code: 'E-WHICH-VARIANT',
    where: `runs(${name})`,
    why: `the model has ${variants.length}: ${variants.map((variant) => `"${variant.name}"`).join(', ')}`,
    instead: "one by name, runs(model, 'name'), or by its options",
  });
