/** The load, in a pod: the order is the last word, quantiles go to its output. */
import { load, type LoadOrder } from '../serving/generate-load.ts';

const { milliseconds, ...report } = await load(JSON.parse(process.argv.at(-1)!) as LoadOrder);
const quantile = (share: number): number => milliseconds[Math.min(milliseconds.length - 1, Math.floor(share * milliseconds.length))]!;
process.stdout.write(JSON.stringify({ ...report, p50: quantile(0.5), p99: quantile(0.99), p999: quantile(0.999) }));
process.exit(0);
