import { isMainThread } from 'node:worker_threads';
import phils from '../../bench/models/phils.ts';

/** A model that ends every other thread that loads it, soon after it has begun to search. */
if (!isMainThread) setTimeout(() => process.exit(7), 300);

export default phils;
