import { PipewrightError } from '../../dsl/errors/index.ts';
import { combinatorialPurged, countRows, deriveGuards, purgedKFold, reconstructPaths, walkForward, type Fold, type Guards, type RowRange } from '../../model/splits/index.ts';

export const SPLITS = ['walk-forward', 'rolling', 'purged-k-fold', 'combinatorial-purged'] as const;
export type SplitName = (typeof SPLITS)[number];

/** Rows before which the lagged logistic regression cannot look back on five returns: no fold has them. */
export const FIRST_ROW = 5;
/** Of the rows of a walk forward, what the first model learns from and nobody is judged on. */
const FIRST_TRAINING_SHARE = 1 / 3;
/** Of a fold's training rows, its latest, what decides when to stop and teaches the calibration. The shipped pipeline has as much. */
export const VALIDATION_SHARE = 0.15 / 0.8;
/** Fewer rows teach nothing and show nothing. */
const LEAST_ROWS = { train: 100, validation: 20, test: 20 } as const;

export interface DivideOptions {
  readonly split: SplitName;
  readonly folds: number;
  /** Judged groups of a fold; of `combinatorial-purged` alone. */
  readonly testFolds: number;
  readonly rows: number;
  readonly horizonDays: number;
  readonly longestWindow: number;
}

export interface Division {
  /** Each with a validation part of its own, the latest of its training rows. */
  readonly folds: readonly Fold[];
  readonly guards: Guards;
  /** Rows that are judged, without a gap. */
  readonly judged: RowRange;
  /**
   * Puts one answer per test row of every fold together into series over the judged rows. Each series judges every row
   * once; only `combinatorial-purged` has more than one.
   */
  readonly pool: (answers: readonly Float64Array[]) => readonly Float64Array[];
}

/** Divides a table. Purge and embargo come from the label and the features. PW504 when the rows are too few for the folds. */
export function divide(options: DivideOptions): Division {
  const { horizonDays, longestWindow } = options;
  const guards = deriveGuards(horizonDays, longestWindow);
  const division = refuse(options, () => splitRows(options, guards));
  const folds = division.folds.map((fold) => setValidationAside(fold, guards.purgeDays));
  for (const [at, fold] of folds.entries()) {
    for (const part of ['train', 'validation', 'test'] as const) {
      const rows = countRows(fold[part]);
      if (rows < LEAST_ROWS[part]) throw tooFew(options, `fold ${at + 1} has ${rows} ${part === 'train' ? 'training' : part} rows, and ${LEAST_ROWS[part]} are the least`);
    }
  }
  return { ...division, folds, guards };
}

function splitRows({ split, folds: count, testFolds, rows, horizonDays, longestWindow }: DivideOptions, { purgeDays }: Guards): Omit<Division, 'guards'> {
  const options = { rows, firstRow: FIRST_ROW, horizonDays, longestWindow };
  const usable = { from: FIRST_ROW, to: rows - horizonDays };
  switch (split) {
    case 'walk-forward':
    case 'rolling': {
      const most = usable.to - usable.from - purgeDays;
      const testRows = Math.floor((most * (1 - FIRST_TRAINING_SHARE)) / count);
      // The blocks are of one length: what is left over is learned from.
      const trainRows = most - count * testRows;
      const folds = walkForward({ rows, firstRow: FIRST_ROW, horizonDays, window: split === 'rolling' ? 'rolling' : 'expanding', trainRows, testRows, purgeDays });
      return { folds, judged: { from: usable.to - count * testRows, to: usable.to }, pool: joined };
    }
    case 'purged-k-fold':
      return { folds: purgedKFold({ ...options, folds: count }), judged: usable, pool: joined };
    case 'combinatorial-purged': {
      const combined = combinatorialPurged({ ...options, groups: count, testGroups: testFolds });
      return { folds: combined.folds, judged: usable, pool: (answers) => reconstructPaths(combined, answers) };
    }
  }
}

function joined(answers: readonly Float64Array[]): readonly Float64Array[] {
  return [Float64Array.from(answers.flatMap((answer) => Array.from(answer)))];
}

/** Takes the latest training rows for validation, and purges the rows before them whose labels reach into them. */
function setValidationAside(fold: Fold, purgeDays: number): Fold {
  const wanted = Math.floor(countRows(fold.train) * VALIDATION_SHARE);
  const first = rowFromEnd(fold.train, wanted);
  return {
    ...fold,
    train: clip(fold.train, 0, first - purgeDays),
    validation: clip(fold.train, first, Infinity),
    purged: [...fold.purged, ...clip(fold.train, first - purgeDays, first)].sort((a, b) => a.from - b.from),
  };
}

/** The row from which on the ranges hold so many. */
function rowFromEnd(ranges: readonly RowRange[], count: number): number {
  let left = count;
  for (const { from, to } of ranges.toReversed()) {
    if (left <= to - from) return to - left;
    left -= to - from;
  }
  return ranges[0]?.from ?? 0;
}

function clip(ranges: readonly RowRange[], from: number, to: number): readonly RowRange[] {
  return ranges.map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) })).filter((range) => range.from < range.to);
}

function refuse<T>(options: DivideOptions, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw tooFew(options, error.message.replace(/\.$/, ''), error);
    throw error;
  }
}

function tooFew({ rows, folds, split }: DivideOptions, why: string, cause?: Error): PipewrightError {
  return new PipewrightError(
    { code: 'PW504', message: `${rows} rows are too few for ${folds} folds of ${split}: ${why}.`, fix: 'Change --folds, or run the pipeline on a longer history.' },
    cause === undefined ? undefined : { cause },
  );
}
