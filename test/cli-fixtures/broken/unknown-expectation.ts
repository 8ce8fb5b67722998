import { lostUpdate } from '../lost-update.ts';

export default lostUpdate('unknown-expectation', { one: { expect: { 'every adition counts': 'violated' } } });
