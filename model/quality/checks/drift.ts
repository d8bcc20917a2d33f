import { blockPermutationTest, expectedPsi, equalCountCuts, histogramOf, holmAdjust, kolmogorovSmirnov, psi } from '../../drift/index.ts';
import { NAMES, SHARE, type Check, type Measure } from '../check.ts';
import { barsOf, demandTexts, numbersOf, takeTableRows, type Table } from '../table.ts';

export interface DriftSettings {
  /** `return`, `range`, `gap`, `volume-change`, or a column of numbers. */
  readonly features: readonly string[];
  /** So many rows at the end of the data are the current sample. */
  readonly window: number;
  /** With fewer rows in one of the samples nothing is judged. */
  readonly minimumRows: number;
  readonly statistic: 'psi' | 'ks';
  /** Bins of equal counts over both samples together. */
  readonly bins: number;
  /** Probability of a false alarm over all features together (Holm). */
  readonly level: number;
  /** What the stability index must have beyond its usual value: a difference that is certain may still be too small to matter. */
  readonly minimumEffect: number;
  /** Rows that stay together in a permutation. */
  readonly blockLength: number;
  readonly permutations: number;
  readonly seed: number;
  /** An alarm needs `persistence` of the last `windows` windows to drift, the last one among them; each ends `stride` rows before the next. */
  readonly windows: number;
  readonly persistence: number;
  readonly stride: number;
}

const POSITIVE = { type: 'integer', minimum: 1 } as const;

/**
 * Are the last rows distributed like the reference? Each feature is tested by exchanging blocks of rows, which keeps
 * the dependence between neighbouring days; the probabilities are corrected for the number of features; and an alarm
 * needs an effect worth the name as well. Prices themselves are no feature: they wander without drifting.
 */
export const drift: Check<DriftSettings> = {
  severities: ['warn', 'stop'],
  settings: {
    features: { ...NAMES, default: ['return', 'range', 'gap', 'volume-change'] },
    window: { ...POSITIVE, default: 250 },
    minimumRows: { ...POSITIVE, minimum: 20, default: 250 },
    statistic: { enum: ['psi', 'ks'], default: 'ks' },
    bins: { ...POSITIVE, minimum: 2, default: 10 },
    level: { ...SHARE, default: 0.01 },
    minimumEffect: { type: 'number', minimum: 0, default: 0.1 },
    blockLength: { ...POSITIVE, default: 60 },
    permutations: { ...POSITIVE, minimum: 99, default: 999 },
    seed: { type: 'integer', default: 1 },
    windows: { ...POSITIVE, default: 3 },
    persistence: { ...POSITIVE, default: 2 },
    stride: { ...POSITIVE, default: 120 },
  },
  demand: ({ features, window, level, minimumEffect, windows, persistence, stride }) => {
    const often = windows === 1 ? '' : `, in ${persistence} of ${windows} windows that end ${stride} rows apart`;
    return `The last ${window} rows are distributed like the reference in ${features.join(', ')}: no corrected probability below ${level} together with a stability index ${minimumEffect} beyond its usual value${often}.`;
  },
  find: (table, settings, { reference }) => {
    if (reference === undefined) return { findings: [], skipped: 'no reference data was given' };
    const lookAt = (window: number): readonly Sample[] => samplesOf(withoutLast(table, window * settings.stride), reference, settings);
    // Fewer looks than an alarm needs would be a rule that cannot fire.
    for (let window = 0; window < settings.persistence; window++) {
      const short = lookAt(window).find(({ before, now }) => Math.min(before.length, now.length) < settings.minimumRows);
      if (short === undefined) continue;
      const which = window === 0 ? '' : ` in the window ${window * settings.stride} rows earlier`;
      return { findings: [], skipped: `${short.before.length} rows of the reference and ${short.now.length} current ones have a ${short.feature}${which}; ${settings.minimumRows} of each are needed` };
    }
    const measures = measure(lookAt(0), settings);
    const alarms = new Map(measures.filter((one) => isDrifted(one, settings)).map((one) => [one['feature'] as string, 1]));
    // A drift that is over is no alarm, so earlier windows are asked only about features that drift now.
    for (let window = 1; window < settings.windows && alarms.size > 0; window++) {
      const samples = lookAt(window);
      if (samples.some(({ before, now }) => Math.min(before.length, now.length) < settings.minimumRows)) break;
      for (const one of measure(samples, settings)) {
        const count = alarms.get(one['feature'] as string);
        if (count !== undefined && isDrifted(one, settings)) alarms.set(one['feature'] as string, count + 1);
      }
    }
    const counted = measures.map((one): Measure => ({ ...one, alarms: alarms.get(one['feature'] as string) ?? 0, windows: settings.windows }));
    const drifted = counted.filter((one) => isDrifted(one, settings) && Number(one['alarms']) >= settings.persistence);
    return { findings: drifted.map((one) => ({ row: null, reason: `has drifted in ${one['feature']}: ${sentence(one)}` })), measures: counted };
  },
};

interface Sample {
  readonly feature: string;
  readonly before: Float64Array;
  readonly now: Float64Array;
}

function samplesOf(table: Table, reference: Table, { features, window }: DriftSettings): readonly Sample[] {
  return features.map((feature) => ({ feature, ...driftSamples(table, reference, feature, window) }));
}

function measure(samples: readonly Sample[], settings: DriftSettings): readonly Measure[] {
  const tests = samples.map(({ before, now }) => blockPermutationTest(before, now, settings));
  const corrected = holmAdjust(tests.map(({ probability }) => probability));
  return samples.map(({ feature, before, now }, at): Measure => {
    const cuts = equalCountCuts(before, now, settings.bins);
    const index = psi(histogramOf(before, now, cuts));
    // The index of the permutations, not of independent rows, is what this data comes to without drift.
    const usual = settings.statistic === 'psi' ? tests[at]!.usual : blockPermutationTest(before, now, { ...settings, statistic: 'psi', permutations: 199 }).usual;
    return {
      feature,
      referenceRows: before.length,
      currentRows: now.length,
      ks: kolmogorovSmirnov(before, now).statistic,
      psi: index,
      usualPsi: usual,
      independentPsi: expectedPsi(cuts.length + 1, before.length, now.length),
      probability: tests[at]!.probability,
      correctedProbability: corrected[at]!,
    };
  });
}

function isDrifted(one: Measure, { level, minimumEffect }: DriftSettings): boolean {
  return Number(one['correctedProbability']) <= level && Number(one['psi']) - Number(one['usualPsi']) > minimumEffect;
}

function withoutLast(table: Table, rows: number): Table {
  return rows === 0 ? table : takeTableRows(table, Array.from({ length: Math.max(0, table.rows - rows) }, (_, row) => row));
}

/**
 * A feature in the current rows and in the reference. Days of the reference from the first current one on are left out,
 * so that no day is compared with itself. Rows without a value are left out.
 */
export function driftSamples(table: Table, reference: Table, feature: string, window: number): { readonly before: Float64Array; readonly now: Float64Array } {
  const first = Math.max(0, table.rows - window);
  const from = demandTexts(table, 'date')[first] ?? '';
  const dates = demandTexts(reference, 'date');
  return {
    before: valuesOf(reference, feature).filter((value, row) => dates[row]! < from && Number.isFinite(value)),
    now: valuesOf(table, feature).subarray(first).filter(Number.isFinite),
  };
}

function valuesOf(table: Table, feature: string): Float64Array {
  const column = numbersOf(table, feature);
  if (column !== undefined) return column;
  const { open, high, low, close, volume } = barsOf(table);
  switch (feature) {
    case 'return':
      return close.map((value, row) => Math.log(value / close[row - 1]!));
    case 'gap':
      return open.map((value, row) => Math.log(value / close[row - 1]!));
    case 'range':
      return high.map((value, row) => Math.log(value / low[row]!));
    case 'volume-change':
      return volume.map((value, row) => Math.log(value / volume[row - 1]!));
    default:
      throw new RangeError(`A rule names the feature "${feature}", which is neither a column of numbers nor one of return, range, gap and volume-change.`);
  }
}

function sentence(one: Measure): string {
  const round = (name: string): number => Number(Number(one[name]).toPrecision(3));
  return `stability index ${round('psi')}, usual is ${round('usualPsi')}; ${one['currentRows']} rows against ${one['referenceRows']}, corrected p = ${round('correctedProbability')}${one['windows'] === 1 ? '' : `; so in ${one['alarms']} of ${one['windows']} windows`}`;
}
