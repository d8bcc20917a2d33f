/**
 * The feature kernels against the same features on plain arrays and as arquero's rolling windows; and one more bar on a
 * stream against the whole window that a server without a stream computes for it.
 *
 *     npx tsx bench/features.ts [rows …]        by default 100000 and 1000000
 *
 * The contestants take turns, processor time is measured and the fastest of several rounds counts, so that a busy
 * machine disturbs little. Read the ratios, not the milliseconds. arquero has no exponential averages of its own, so it stands aside there.
 */
import { op, rolling, table, type ColumnTable } from 'arquero';
import { barAt, sliceBars, type Bars } from '../model/bars.ts';
import { computeFeatures, createFeatureStream, defaultFeatureSet, latestFeatureRow, requiredBars } from '../model/features/index.ts';
import { exponentialMovingAverage } from '../model/features/kernels/exponential-moving-average.ts';
import { logReturn } from '../model/features/kernels/log-return.ts';
import { relativeStrengthIndex } from '../model/features/kernels/relative-strength-index.ts';
import { rollingDeviation } from '../model/features/kernels/rolling-deviation.ts';
import { simpleMovingAverage } from '../model/features/kernels/simple-moving-average.ts';
import { createRandom } from '../model/random.ts';

const ROUNDS = 5;
const WINDOW = 20;
const CLOSE_ENOUGH = 1e-9;

type Column = ArrayLike<number>;

interface Contest {
  readonly feature: string;
  /** First row on which all contestants must agree. */
  readonly firstRow: number;
  readonly kernel: () => Column;
  readonly plain: () => Column;
  readonly arquero?: () => Column;
}

function drawBars(rows: number): Bars {
  const random = createRandom(1);
  const close = new Float64Array(rows);
  const volume = new Float64Array(rows);
  // Pulled back to its start a little every day, or a million days would leave the range of numbers.
  let logPrice = 0;
  for (let row = 0; row < rows; row++) {
    logPrice = 0.999 * logPrice + 0.01 * random.normal();
    close[row] = 1_000 * Math.exp(logPrice);
    volume[row] = 1e6 * (1 + random.uniform());
  }
  const firstDay = Date.UTC(1000, 0, 1);
  const date = Array.from({ length: rows }, (_, row) => new Date(firstDay + row * 86_400_000).toISOString().slice(0, 10));
  return { date, open: close, high: close, low: close, close, volume };
}

/** The obvious way: plain arrays, a fresh sum over every window. */
const plain = {
  mean: (values: readonly number[], window: number): number[] =>
    values.map((_, row) => (row < window - 1 ? NaN : values.slice(row - window + 1, row + 1).reduce((sum, value) => sum + value, 0) / window)),
  deviation: (values: readonly number[], window: number): number[] =>
    values.map((_, row) => {
      if (row < window - 1) return NaN;
      const seen = values.slice(row - window + 1, row + 1);
      const mean = seen.reduce((sum, value) => sum + value, 0) / window;
      return Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (window - 1));
    }),
  logReturn: (values: readonly number[]): number[] => values.map((value, row) => (row === 0 ? NaN : Math.log(value / values[row - 1]!))),
  smooth: (values: readonly number[], window: number, alpha: number): number[] => {
    const smoothed: number[] = [];
    for (const [row, value] of values.entries()) {
      if (row < window - 1) smoothed.push(NaN);
      else if (row === window - 1) smoothed.push(values.slice(0, window).reduce((sum, other) => sum + other, 0) / window);
      else smoothed.push(smoothed[row - 1]! + alpha * (value - smoothed[row - 1]!));
    }
    return smoothed;
  },
  strength: (values: readonly number[], window: number): number[] => {
    const changes = values.slice(1).map((value, row) => value - values[row]!);
    const gains = plain.smooth(changes.map((change) => Math.max(change, 0)), window, 1 / window);
    const losses = plain.smooth(changes.map((change) => Math.max(-change, 0)), window, 1 / window);
    return [NaN, ...gains.map((gain, row) => 100 - 100 / (1 + gain / losses[row]!))];
  },
};

function contestsOver({ close, volume }: Bars): readonly Contest[] {
  const prices = [...close];
  const volumes = [...volume];
  const columns = table({ close, volume, change: logReturn(close, 1) });
  const derive = (expression: Parameters<ColumnTable['derive']>[0][string]): Column => columns.derive({ out: expression }).array('out') as Column;
  const window: [number, number] = [1 - WINDOW, 0];
  return [
    {
      feature: `mean of ${WINDOW}`,
      firstRow: WINDOW - 1,
      kernel: () => simpleMovingAverage(close, WINDOW),
      plain: () => plain.mean(prices, WINDOW),
      arquero: () => derive(rolling((bar: { close: number }) => op.mean(bar.close), window)),
    },
    {
      feature: `volatility of ${WINDOW}`,
      firstRow: WINDOW,
      kernel: () => rollingDeviation(logReturn(close, 1), WINDOW),
      plain: () => plain.deviation(plain.logReturn(prices), WINDOW),
      arquero: () => derive(rolling((bar: { change: number }) => op.stdev(bar.change), window)),
    },
    {
      feature: `volume mean of 250`,
      firstRow: 249,
      kernel: () => simpleMovingAverage(volume, 250),
      plain: () => plain.mean(volumes, 250),
      arquero: () => derive(rolling((bar: { volume: number }) => op.mean(bar.volume), [-249, 0])),
    },
    {
      feature: 'exponential mean of 26',
      firstRow: 25,
      kernel: () => exponentialMovingAverage(close, 26),
      plain: () => plain.smooth(prices, 26, 2 / 27),
    },
    {
      feature: 'RSI of 14',
      firstRow: 14,
      kernel: () => relativeStrengthIndex(close, 14),
      plain: () => plain.strength(prices, 14),
    },
  ];
}

/** Contestants that disagree have nothing to compare. */
function expectAgreement({ feature, firstRow, kernel, plain: other, arquero }: Contest): void {
  const own = kernel();
  for (const [name, run] of Object.entries({ plain: other, arquero })) {
    const theirs = run?.();
    for (let row = firstRow; theirs && row < own.length; row++) {
      const gap = Math.abs(own[row]! - theirs[row]!);
      if (!(gap <= CLOSE_ENOUGH * Math.max(1, Math.abs(own[row]!)))) {
        throw new RangeError(`${feature}: the kernel gives ${own[row]} and ${name} ${theirs[row]} in row ${row}.`);
      }
    }
  }
}

/** Processor time of this process, in milliseconds. */
function milliseconds(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function fastestOf(contest: Contest): { kernel: number; plain: number; arquero: number | null } {
  const best = { kernel: Infinity, plain: Infinity, arquero: contest.arquero ? Infinity : null };
  for (let round = 0; round < ROUNDS; round++) {
    best.kernel = Math.min(best.kernel, milliseconds(contest.kernel));
    best.plain = Math.min(best.plain, milliseconds(contest.plain));
    if (contest.arquero) best.arquero = Math.min(best.arquero!, milliseconds(contest.arquero));
  }
  return best;
}

/** Nanoseconds for the feature row of one more bar: on a stream, and from the window behind it. */
function oneMoreBar(bars: Bars): readonly [stream: number, window: number] {
  const rows = Math.min(bars.date.length, 100_000);
  const needed = requiredBars(defaultFeatureSet);
  const windows = Math.min(rows - needed, 500);
  let [stream, window] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    stream = Math.min(stream, milliseconds(() => {
      const features = createFeatureStream(defaultFeatureSet);
      for (let row = 0; row < rows; row++) features.update(barAt(bars, row));
    }));
    window = Math.min(window, milliseconds(() => {
      for (let at = 0; at < windows; at++) latestFeatureRow(sliceBars(bars, at, at + needed), defaultFeatureSet);
    }));
  }
  return [(1e6 * stream) / rows, (1e6 * window) / windows];
}

const asked = process.argv.slice(2).map(Number);
for (const rows of asked.length > 0 ? asked : [100_000, 1_000_000]) {
  const bars = drawBars(rows);
  const lines: Record<string, Record<string, number | string>> = {};
  for (const contest of contestsOver(bars)) {
    expectAgreement(contest);
    const { kernel, plain: other, arquero } = fastestOf(contest);
    lines[contest.feature] = {
      'kernel ms': +kernel.toFixed(1),
      'plain arrays': `${(other / kernel).toFixed(1)} ×`,
      arquero: arquero === null ? '–' : `${(arquero / kernel).toFixed(1)} ×`,
    };
  }
  console.log(`\n${rows} rows`);
  console.table(lines);
  const whole = Math.min(...Array.from({ length: ROUNDS }, () => milliseconds(() => computeFeatures(bars, defaultFeatureSet))));
  const nanoseconds = (1e6 * whole) / rows;
  console.log(`the whole default feature table, bars checked: ${whole.toFixed(0)} ms, ${nanoseconds.toFixed(0)} ns a row`);
  const [stream, window] = oneMoreBar(bars);
  console.log(`one more bar on a stream: ${stream.toFixed(0)} ns, ${(stream / nanoseconds).toFixed(1)} × a row of the table; from a window of ${requiredBars(defaultFeatureSet)} bars: ${window.toFixed(0)} ns, ${(window / stream).toFixed(0)} × the stream`);
}
