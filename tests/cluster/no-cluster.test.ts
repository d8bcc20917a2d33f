import { it } from 'vitest';
import { whyNoCluster } from './surroundings.ts';

// Run in place of all the others where there can be no cluster, so that it is said aloud.
const reason = whyNoCluster();
if (reason !== undefined) console.warn(`SKIPPED all tests on a cluster: ${reason}`);
it.skip(`all tests on a cluster: ${reason}`);
