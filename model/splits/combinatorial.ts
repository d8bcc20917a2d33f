import { checkWhole } from './check.ts';
import { foldAround, type Fold } from './fold.ts';
import { readFoldOptions, type FoldOptions } from './guards.ts';
import { countRows, cutRange, type RowRange } from './ranges.ts';

export interface CombinatorialFold extends Fold {
  /** The groups that this fold judges, rising. */
  readonly testGroups: readonly number[];
}

export interface CombinatorialSplit {
  /** The usable rows in neighbouring groups, oldest first. */
  readonly groups: readonly RowRange[];
  /** One fold for every way to choose the judged groups, in lexicographic order. */
  readonly folds: readonly CombinatorialFold[];
  /** Every path names for each group the fold that judges it: together a whole history, each row judged once. */
  readonly paths: readonly (readonly number[])[];
}

/** More folds than this is a mistake in the settings rather than a plan. */
const MOST_FOLDS = 1_000;

/**
 * Combinatorial purged cross-validation (López de Prado, 2018, §12.4): `testGroups` of `groups` blocks are judged in
 * every combination, with purge and embargo around each block. That is C(N, k) fits, and C(N − 1, k − 1) histories
 * instead of one, so that a figure comes with a distribution.
 *
 * Throws RangeError for options that make no sense, unless 1 ≤ testGroups < groups, for more than 1,000 folds, and for a
 * fold without training rows.
 */
export function combinatorialPurged(options: FoldOptions & { readonly groups: number; readonly testGroups: number }): CombinatorialSplit {
  const { usable, ...guards } = readFoldOptions(options);
  checkWhole('number of groups', options.groups, 2);
  checkWhole('number of test groups', options.testGroups, 1);
  if (options.testGroups >= options.groups) {
    throw new RangeError(`${options.testGroups} of ${options.groups} groups cannot be judged: at least one must be left to train on.`);
  }
  if (usable.to - usable.from < options.groups) {
    throw new RangeError(`${usable.to - usable.from} usable rows are too few for ${options.groups} groups.`);
  }
  const count = combinationCount(options.groups, options.testGroups);
  if (count > MOST_FOLDS) throw new RangeError(`${options.testGroups} of ${options.groups} groups make ${count} folds; at most ${MOST_FOLDS} are allowed.`);
  const groups = cutRange(usable, options.groups);
  const folds = combinations(options.groups, options.testGroups).map((testGroups) => ({
    ...foldAround(testGroups.map((group) => groups[group]!), usable, guards),
    testGroups,
  }));
  // The j-th path takes for each group the j-th fold that judges it.
  const judgedBy = groups.map((_, group) => folds.flatMap(({ testGroups }, fold) => (testGroups.includes(group) ? [fold] : [])));
  const paths = judgedBy[0]!.map((_, path) => judgedBy.map((foldsOfGroup) => foldsOfGroup[path]!));
  return { groups, folds, paths };
}

/**
 * Puts the forecasts of the folds together into one series per path. `forecasts[f]` are those of fold f, one per test row
 * in rising order; every result has one entry per usable row, from the first row of the first group on. Throws RangeError
 * when a fold's forecasts do not fit its test rows.
 */
export function reconstructPaths({ groups, folds, paths }: CombinatorialSplit, forecasts: readonly ArrayLike<number>[]): readonly Float64Array[] {
  if (forecasts.length !== folds.length) throw new RangeError(`Paths need the forecasts of ${folds.length} folds; got ${forecasts.length}.`);
  for (const [fold, { test }] of folds.entries()) {
    const wanted = countRows(test);
    if (forecasts[fold]!.length !== wanted) throw new RangeError(`Fold ${fold} judges ${wanted} rows; got ${forecasts[fold]!.length} forecasts.`);
  }
  const first = groups[0]!.from;
  return paths.map((path) => {
    const series = new Float64Array(countRows(groups));
    for (const [group, fold] of path.entries()) {
      const before = countRows(folds[fold]!.testGroups.filter((other) => other < group).map((other) => groups[other]!));
      const { from, to } = groups[group]!;
      for (let row = from; row < to; row++) series[row - first] = forecasts[fold]![before + row - from]!;
    }
    return series;
  });
}

function combinationCount(of: number, choose: number): number {
  let count = 1;
  for (let at = 1; at <= choose; at++) count = (count * (of - choose + at)) / at;
  return Math.round(count);
}

function combinations(of: number, choose: number, from = 0): readonly (readonly number[])[] {
  if (choose === 0) return [[]];
  return Array.from({ length: of - choose - from + 1 }, (_, at) => from + at).flatMap((first) =>
    combinations(of, choose - 1, first + 1).map((rest) => [first, ...rest]),
  );
}
