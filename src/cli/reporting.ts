import type { CheckFlags } from './flags.ts';
import { reportersFor, type Scene } from './reporters.ts';
import { RunSaver } from './save-runs.ts';
import { type Besides, jsonTeller, type Teller } from './teller.ts';

/**
 * Everybody who is told what was found, as one: what is printed, and what is written to files.
 *
 * @throws UsageError where a file or a folder cannot be written
 */
export function reportingTo(
  scene: Scene,
  { json, reporter = [], saveRuns }: Pick<CheckFlags, 'json' | 'reporter' | 'saveRuns'>,
): Teller {
  const saver = saveRuns === undefined ? undefined : new RunSaver(saveRuns, scene.version);
  const tellers = [
    ...(json ? [jsonTeller(scene.version, scene.flags)] : []),
    ...reportersFor(reporter, scene, json === true),
  ];
  return {
    tell(outcome) {
      saver?.save(outcome);
      for (const teller of tellers) teller.tell(outcome);
    },
    end(outcomes, unchecked, exit, besides) {
      const all: Besides = {
        ...besides,
        ...(saver && { saved: saver.saved }),
        ...(scene.shard && { shard: { ...scene.shard, of: scene.all.length } }),
      };
      for (const teller of tellers) teller.end(outcomes, unchecked, exit, all);
    },
  };
}
