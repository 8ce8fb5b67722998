import { lostUpdate } from '../lost-update.ts';

export default lostUpdate('lost-update', {
  alone: { about: 'one clerk' },
  together: { option: { clerks: 2 }, expect: { 'every addition counts': 'violated' }, about: 'two clerks' },
});
