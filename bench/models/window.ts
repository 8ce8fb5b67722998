import conformance from '../../models/conformance/sliding-window.ts';
import { sized } from './sized.ts';

/** window(w,c): a sliding window of w frames over channels of c. */
export default sized('window', conformance, (window, capacity) => ({ window, capacity }));
