import conformance from '../../models/conformance/two-phase-commit.ts';
import { sized } from './sized.ts';

/** twophase(n): two-phase commit of n managers. */
export default sized('twophase', conformance, (managers) => ({ managers }));
