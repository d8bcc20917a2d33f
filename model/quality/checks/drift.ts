import { blockPermutationTest, expectedPsi, equalCountCuts, histogramOf, holmAdjust, kolmogorovSmirnov, psi } from '../../drift/index.ts';
import { NAMES, SHARE, type Check, type Measure } from '../check.ts';
import { barsOf, demandTexts, numbersOf, type Table } from '../table.ts';

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
  },
  demand: ({ features, window, level, minimumEffect }) =>
    `The last ${window} rows are distributed like the reference in ${features.join(', ')}: no corrected probability below ${level} together with a stability index ${minimumEffect} beyond its usual value.`,
  find: (table, settings, { reference }) => {
    if (reference === undefined) return { findings: [], skipped: 'no reference data was given' };
    const samples = settings.features.map((feature) => ({ feature, ...driftSamples(table, reference, feature, settings.window) }));
    const short = samples.find(({ before, now }) => Math.min(before.length, now.length) < settings.minimumRows);
    if (short !== undefined) {
      return { findings: [], skipped: `${short.before.length} rows of the reference and ${short.now.length} current ones have a ${short.feature}; ${settings.minimumRows} of each are needed` };
    }
    const tests = samples.map(({ before, now }) => blockPermutationTest(before, now, settings));
    const corrected = holmAdjust(tests.map(({ probability }) => probability));
    const measures = samples.map(({ feature, before, now }, at): Measure => {
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
    const drifted = measures.filter((one) => Number(one['correctedProbability']) <= settings.level && Number(one['psi']) - Number(one['usualPsi']) > settings.minimumEffect);
    return {
      findings: drifted.map((one) => ({ row: null, reason: `has drifted in ${one['feature']}: ${sentence(one)}` })),
      measures,
    };
  },
};

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
  return `stability index ${round('psi')}, usual is ${round('usualPsi')}; ${one['currentRows']} rows against ${one['referenceRows']}, corrected p = ${round('correctedProbability')}`;
}
