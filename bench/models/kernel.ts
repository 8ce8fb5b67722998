import conformance from '../../models/conformance/kernel.ts';
import { sized } from './sized.ts';

/** kernel(t,p,c): t threads, p pages, and a queue of c failures. */
export default sized('kernel', conformance, (threads, pages, capacity) => ({ threads, pages, capacity }));
