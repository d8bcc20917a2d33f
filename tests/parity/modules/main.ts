import { main } from '../../../steps/runtime/index.ts';
import implementation from './run.ts';

await main(implementation);
