/**
 * Block bootstraps and permutation tests a second, on four years of days. The rival does the same on plain arrays, as one
 * writes it down at first: a new array for each resample, indices by modulo, `Math.random`.
 *
 *     npx tsx bench/statistics.ts
 *
 * They take turns. Read the ratio of processor times, which a busy machine disturbs least.
 */
import { blockPermutationTest } from '../model/drift/block-permutation.ts';
import { forecastFigures } from '../model/metrics/index.ts';
import { createRandom } from '../model/random.ts';
import { bootstrapDistribution, defaultBlockLength } from '../model/statistics/index.ts';

const DAYS = 1_000;
const RESAMPLES = 2_000;
const TURNS = 3;

const random = createRandom(1);
const values = Float64Array.from({ length: DAYS }, () => random.normal());
const plain = [...values];
const probabilities = Float64Array.from({ length: DAYS }, () => 0.53 + 0.03 * random.normal());
const labels = Float64Array.from(probabilities, (probability) => (random.uniform() < probability ? 1 : 0));

/** Stationary bootstrap of the mean on plain arrays. */
function plainBootstrap(series: readonly number[], resamples: number, meanBlockLength: number): number[] {
  const means = [];
  for (let resample = 0; resample < resamples; resample++) {
    const sample: number[] = [];
    let at = 0;
    while (sample.length < series.length) {
      at = sample.length === 0 || Math.random() < 1 / meanBlockLength ? Math.floor(Math.random() * series.length) : (at + 1) % series.length;
      sample.push(series[at]!);
    }
    means.push(sample.reduce((sum, value) => sum + value, 0) / sample.length);
  }
  return means.sort((a, b) => a - b);
}

/** Permutation test of Kolmogorov and Smirnov's distance, in blocks, on plain arrays: both samples are sorted each time. */
function plainPermutation(first: readonly number[], second: readonly number[], block: number, permutations: number): number {
  const distance = (some: readonly number[], others: readonly number[]): number => {
    const [a, b] = [[...some].sort((x, y) => x - y), [...others].sort((x, y) => x - y)];
    let [at, to, largest] = [0, 0, 0];
    while (at < a.length && to < b.length) {
      if (a[at]! <= b[to]!) at++;
      else to++;
      largest = Math.max(largest, Math.abs(at / a.length - to / b.length));
    }
    return largest;
  };
  const seen = distance(first, second);
  const all = [...first, ...second];
  const blocks = Array.from({ length: Math.ceil(all.length / block) }, (_, at) => all.slice(at * block, (at + 1) * block));
  let asLarge = 1;
  for (let permutation = 0; permutation < permutations; permutation++) {
    const order = [...blocks];
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(Math.random() * (at + 1));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    const shuffled = order.flat();
    if (distance(shuffled.slice(0, first.length), shuffled.slice(first.length)) >= seen) asLarge++;
  }
  return asLarge / (permutations + 1);
}

interface Contestant { readonly name: string; readonly rounds: number; readonly run: () => unknown }

const length = defaultBlockLength(DAYS);
const contests: readonly (readonly [string, readonly Contestant[]])[] = [
  [`stationary bootstrap of a mean, ${DAYS} days`, [
    { name: 'ours', rounds: RESAMPLES, run: () => bootstrapDistribution(values, { seed: 1, resamples: RESAMPLES, meanBlockLength: length }) },
    { name: 'plain arrays', rounds: RESAMPLES, run: () => plainBootstrap(plain, RESAMPLES, length) },
  ]],
  [`block permutation test, 2 × ${DAYS / 2} days`, [
    { name: 'ours', rounds: RESAMPLES, run: () => blockPermutationTest(values.subarray(0, DAYS / 2), values.subarray(DAYS / 2), { statistic: 'ks', bins: 10, blockLength: length, permutations: RESAMPLES, seed: 1 }) },
    { name: 'plain arrays', rounds: RESAMPLES, run: () => plainPermutation(plain.slice(0, DAYS / 2), plain.slice(DAYS / 2), length, RESAMPLES) },
  ]],
  [`all twelve figures of a forecast, ${DAYS} days`, [
    { name: 'ours', rounds: 300, run: () => forecastFigures(labels, probabilities, { seed: 1, resamples: 300, horizonDays: 1 }) },
  ]],
];

for (const [what, contestants] of contests) {
  const seconds = new Map(contestants.map(({ name }) => [name, Infinity]));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { name, run } of contestants) {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      seconds.set(name, Math.min(seconds.get(name)!, (user + system) / 1e6));
    }
  }
  console.log(what);
  for (const { name, rounds } of contestants) console.log(`  ${name.padEnd(14)} ${Math.round(rounds / seconds.get(name)!).toLocaleString('en-US').padStart(9)} a second of processor time`);
  const [own, rival] = contestants.map(({ name }) => seconds.get(name)!);
  if (rival !== undefined) console.log(`  ratio          ${(rival / own!).toFixed(1)} times as fast as plain arrays`);
}
