import { it } from 'vitest';
import { whyNoMlflow } from './surroundings.ts';

// Run in place of all the others where there can be no MLflow, so that it is said aloud.
const reason = whyNoMlflow();
if (reason !== undefined) console.warn(`SKIPPED all tests on a real MLflow server: ${reason}`);
it.skip(`all tests on a real MLflow server: ${reason}`);
