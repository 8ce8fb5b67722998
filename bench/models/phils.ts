import conformance from '../../models/conformance/dining-philosophers.ts';
import { sized } from './sized.ts';

/** phils(n): n dining philosophers. */
export default sized('phils', conformance, (seats) => ({ seats }));
