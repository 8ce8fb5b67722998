import type { Subject } from '../report/outcome.ts';
import type { CheckFlags } from './flags.ts';
import { RunSaver } from './save-runs.ts';
import { jsonTeller, type Teller, terminalTeller } from './teller.ts';

/**
 * Everybody who is told what was found, as one: what is printed, and what is written to files.
 *
 * @throws UsageError where a file or a folder cannot be written
 */
export function reportingTo(subjects: readonly Subject[], flags: CheckFlags, version: string): Teller {
  const printer = flags.json ? jsonTeller(version, flags) : terminalTeller(subjects, flags);
  const saver = flags.saveRuns === undefined ? undefined : new RunSaver(flags.saveRuns, version);
  return {
    tell(outcome) {
      saver?.save(outcome);
      printer.tell(outcome);
    },
    end(outcomes, unchecked, exit, besides) {
      printer.end(outcomes, unchecked, exit, saver === undefined ? besides : { ...besides, saved: saver.saved });
    },
  };
}
