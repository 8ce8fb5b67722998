import { checking, type Settings } from '../check.ts';
import type { Model, Variant } from '../model.ts';
import { defaultTuning } from '../tuning.ts';
import type { Report } from '../verdict.ts';
import { goOn } from './lead.ts';
import type { Pool } from './pool.ts';
import type { Origin } from './protocol.ts';

/** States after which it pays to share a search out: it takes threads longer than one to begin. */
const shareAt = 2 ** 16;
/** A search that takes so many milliseconds may well become so large: meanwhile threads can be started. */
const warmAfter = 150;

/**
 * As `check()`, on the threads of a pool once there are so many states that it pays: the same report, but for times and
 * what the search has cost.
 *
 * Where a search is to stop at a certain state, or its first violation, or is approximate, it stays on this thread.
 */
export async function checkTogether(
  model: Model,
  variant: Variant,
  settings: Settings,
  pool: Pool,
  origin: Origin,
): Promise<Report> {
  const isAlone = settings.bail === true || settings.approximate === true;
  const tuning = { ...defaultTuning, ...(!isAlone && { shareAt }), ...settings.tuning };
  const started = Date.now();
  const moments = checking(model, variant, { ...settings, tuning });
  for (;;) {
    const next = moments.next();
    if (next.done) return next.value;
    if (!isAlone && Date.now() - started > warmAfter) pool.warm(origin);
    if (next.value.large) await goOn(next.value.large, pool, origin, tuning);
  }
}
