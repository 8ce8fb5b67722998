import { presets } from '../models/presets.ts';
import world from '../models/world.ts';
import { check } from '../src/explore/check.ts';
import { assignmentOf, type Variant } from '../src/explore/model.ts';

/**
 * `npm run nightly`: explores the world of models/world.ts uncut, in the kernel as it is and in the repaired one, and says how
 * big it is. A search that has not come to its end within the limits says how far it got, and claims no more than that.
 *
 * `npm run nightly -- repaired 50000000`: only this kernel, with this limit of states.
 */
const [only, states = '1000000000'] = process.argv.slice(2);

for (const name of ['P6', 'repaired'] as const) {
  if (only !== undefined && only !== name) continue;
  const kernel = Object.fromEntries(Object.entries(presets[name]).filter(([option]) => option in world.options));
  const variant: Variant = {
    name: `${name}-uncut`,
    about: '',
    option: assignmentOf(world, kernel, 'the uncut world'),
    expect: {},
    figures: {},
  };
  const began = performance.now();
  const report = check(world, variant, { runs: false, limits: { states: Number(states) } });
  const seconds = Math.round((performance.now() - began) / 1000);
  const { stats } = report;
  console.log(
    `${variant.name}: ${report.limit === undefined ? 'all of' : 'stopped after'} ${stats.states} states, ` +
      `${stats.transitions} transitions, depth ${stats.depth}, ${seconds} s`,
  );
  for (const { property, kind } of report.verdicts) console.log(`  ${kind.padEnd(10)}${property}`);
  const isBroken = report.verdicts.some(
    ({ kind }) => kind === 'violated' || kind === 'unreached' || kind === 'vacuous',
  );
  if (name === 'repaired' && isBroken) process.exitCode = 1;
}
