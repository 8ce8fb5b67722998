import { lostUpdate } from './lost-update.ts';

/** What is said of each variant is wrong, but for the first. */
export default lostUpdate('expectations', {
  right: {},
  'too good': { option: { clerks: 2 } },
  'too bad': { expect: { 'every addition counts': 'violated' } },
  'too small': {
    option: { clerks: 2 },
    expect: { 'every addition counts': 'violated' },
    figures: { states: 12, depth: 4, steps: { 'every addition counts': 4 } },
  },
});
