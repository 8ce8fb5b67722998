import { type Breach, stepsAt } from '../explain/breach.ts';
import type { System } from '../system.ts';
import type { StepLabel } from '../verdict.ts';
import { afterOf, kindOf } from './way.ts';

/** How many states may be looked at to make a run shorter. */
const budget = 50_000;

/**
 * A shortest run that breaks a property with no other steps than those that a run has, in any order and any number of times; the run
 * itself where there is no shorter one, or none is found in time.
 */
export function shortened(system: System, breach: Breach, labels: readonly StepLabel[]): readonly StepLabel[] {
  const kinds = new Set(labels.map(kindOf));
  const nodes: Node[] = [{ vector: system.initial, depth: 0, from: null, label: null }];
  const known = new Set([system.initial.join()]);
  for (let at = 0; at < nodes.length && nodes.length < budget; at++) {
    const node = nodes[at]!;
    if (node.depth + 1 >= labels.length) break;
    for (const step of stepsAt(system, node.vector)) {
      if (!kinds.has(kindOf(step.label))) continue;
      const after = afterOf(system, step, node.vector);
      if (breach.by(step, node.vector, after ?? node.vector)) return [...labelsTo(node), step.label];
      if (after === null || breach.over?.(step, node.vector, after)) continue;
      const key = after.join();
      if (known.has(key)) continue;
      known.add(key);
      nodes.push({ vector: after, depth: node.depth + 1, from: node, label: step.label });
    }
  }
  return labels;
}

interface Node {
  readonly vector: Uint32Array;
  readonly depth: number;
  readonly from: Node | null;
  readonly label: StepLabel | null;
}

function labelsTo(node: Node): StepLabel[] {
  const labels: StepLabel[] = [];
  for (let at: Node | null = node; at?.label; at = at.from) labels.push(at.label);
  return labels.reverse();
}
