import { lostUpdate } from '../lost-update.ts';

export default lostUpdate('unknown-option', { one: { option: { clerk: 2 } as object } });
