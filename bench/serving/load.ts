/** The load, in a process of its own. Started by bench/server.ts with `fork`; it asks only servers on this machine. */
import { load, type LoadOrder } from './generate-load.ts';

process.on('message', (order: LoadOrder) => void load(order).then((report) => process.send!(report)));
process.on('disconnect', () => process.exit(0));
