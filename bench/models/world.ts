import { presets } from '../../models/presets.ts';
import shipped from '../../models/world.ts';
import { assignmentOf, defineModel } from '../../src/explore/model.ts';

/** The largest shipped model, in the repaired kernel and without its cuts: what `npm run nightly` explores too. Every property holds. */
export default defineModel({
  name: 'world',
  about: shipped.about,
  variants: { uncut: { figures: { states: 6_462_153, transitions: 25_738_215 } } },
  build: () => {
    const repaired = Object.entries(presets.repaired).filter(([option]) => option in shipped.options);
    return shipped.build(assignmentOf(shipped, Object.fromEntries(repaired), 'bench/models/world.ts'));
  },
});
