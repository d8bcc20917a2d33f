/** The load, in a pod: the order is the last word, quantiles go to its output. */
import { load, quantile, type LoadOrder } from '../serving/generate-load.ts';

const { milliseconds, ...report } = await load(JSON.parse(process.argv.at(-1)!) as LoadOrder);
process.stdout.write(JSON.stringify({ ...report, p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) }));
process.exit(0);
