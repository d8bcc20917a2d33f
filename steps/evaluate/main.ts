import { main } from '../runtime/index.ts';
import implementation from './run.ts';

await main(implementation);
