import conformance from '../../models/conformance/ring-election.ts';
import { sized } from './sized.ts';

/** ring(n,c): an election among n nodes with inboxes of c. */
export default sized('ring', conformance, (nodes, capacity) => ({ nodes, capacity }));
