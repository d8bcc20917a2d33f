import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  combinatorialPurged,
  countRows,
  deriveGuards,
  pictureOfFolds,
  pictureOfTimeSplit,
  purgedKFold,
  reconstructPaths,
  splitByTime,
  walkForward,
  type Fold,
  type FoldOptions,
  type RowRange,
} from '../../../model/splits/index.ts';

const rowsOf = (ranges: readonly RowRange[]): number[] => ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at));

/** Bars, first and last, that a row's label and its features are made of. */
interface Information {
  readonly label: readonly [number, number];
  readonly features: readonly [number, number];
}
const informationOf = (row: number, horizonDays: number, longestWindow: number): Information => ({
  label: [row, row + horizonDays],
  features: [row - longestWindow + 1, row],
});
const overlap = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] <= b[1] && b[0] <= a[1];

/** The training rows whose knowledge meets the label of a judged row in a way that production would not allow. */
function leaks({ train, validation, test: judged }: Fold, horizonDays: number, longestWindow: number): string[] {
  const found: string[] = [];
  const pairs: (readonly [readonly RowRange[], readonly RowRange[]])[] = [[train, judged], [train, validation], [validation, judged]];
  for (const [fitted, scored] of pairs) {
    for (const own of rowsOf(fitted)) {
      const known = informationOf(own, horizonDays, longestWindow);
      for (const other of rowsOf(scored)) {
        const asked = informationOf(other, horizonDays, longestWindow);
        if (overlap(known.label, asked.label)) found.push(`label of ${own} and label of ${other}`);
        // Looking back on the answer, which only a row after it can.
        if (own > other && overlap(known.features, asked.label)) found.push(`features of ${own} and label of ${other}`);
        if (own > other && overlap(known.label, asked.features)) found.push(`label of ${own} and features of ${other}`);
      }
    }
  }
  return found;
}

const options = fc
  .record({
    rows: fc.integer({ min: 120, max: 260 }),
    firstRow: fc.nat(8),
    horizonDays: fc.integer({ min: 1, max: 6 }),
    longestWindow: fc.integer({ min: 1, max: 8 }),
    morePurge: fc.nat(3),
    moreEmbargo: fc.nat(3),
  })
  .map(({ morePurge, moreEmbargo, ...rest }): FoldOptions => ({ ...rest, purgeDays: rest.horizonDays + morePurge, embargoDays: rest.longestWindow + moreEmbargo }));

describe('guards', () => {
  test('come from the label horizon and the longest window', () => {
    expect(deriveGuards(5, 60)).toEqual({ purgeDays: 5, embargoDays: 60 });
    expect(() => deriveGuards(0, 60)).toThrow(new RangeError('The label horizon in days is 0; it must be a whole number of 1 or more.'));
    expect(() => deriveGuards(1, 0.5)).toThrow(new RangeError('The longest feature window in days is 0.5; it must be a whole number of 1 or more.'));
  });
});

describe('a walk forward', () => {
  const few = { rows: 30, firstRow: 2, horizonDays: 2, trainRows: 10, testRows: 6 } as const;

  test('is the hand-worked one', () => {
    // Rows 2 … 27 have features and a label. 10 train, 2 are purged, 6 are judged, and the last block has two.
    const folds = walkForward({ ...few, window: 'expanding' });
    expect(folds.map(({ train }) => train)).toEqual([[{ from: 2, to: 12 }], [{ from: 2, to: 18 }], [{ from: 2, to: 24 }]]);
    expect(folds.map(({ test: judged }) => judged)).toEqual([[{ from: 14, to: 20 }], [{ from: 20, to: 26 }], [{ from: 26, to: 28 }]]);
    expect(walkForward({ ...few, window: 'rolling' }).map(({ train }) => train)).toEqual([[{ from: 2, to: 12 }], [{ from: 8, to: 18 }], [{ from: 14, to: 24 }]]);
  });

  test('keeps validation rows apart on both sides', () => {
    const [first] = walkForward({ ...few, window: 'rolling', validationRows: 3 });
    expect(first).toEqual({
      train: [{ from: 2, to: 12 }],
      validation: [{ from: 14, to: 17 }],
      test: [{ from: 19, to: 25 }],
      purged: [{ from: 12, to: 14 }, { from: 17, to: 19 }],
      embargoed: [],
    });
  });

  test('judges every later row once, knows nothing of it, and never trains on the future', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 10, max: 40 }), fc.integer({ min: 5, max: 30 }), fc.nat(6), fc.constantFrom('expanding' as const, 'rolling' as const), (given, trainRows, testRows, validationRows, window) => {
        const folds = walkForward({ ...given, trainRows, testRows, validationRows, window });
        const judged = folds.flatMap((fold) => rowsOf(fold.test));
        expect(judged).toEqual(Array.from({ length: judged.length }, (_, at) => judged[0]! + at));
        expect(judged.at(-1)).toBe(given.rows - given.horizonDays - 1);
        for (const fold of folds) {
          expect(fold.train.at(-1)!.to).toBeLessThan(fold.test[0]!.from);
          expect(leaks(fold, given.horizonDays, given.longestWindow)).toEqual([]);
          expect(countRows(fold.validation)).toBe(validationRows);
          if (window === 'rolling') expect(countRows(fold.train)).toBe(trainRows);
        }
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    [{ trainRows: 25 }, '30 rows are too few to walk forward: 2 are incomplete, 25 train, 2 are validation and purge, 2 have no label, and none is left to judge.'],
    [{ testRows: 0 }, 'The number of test rows is 0; it must be a whole number of 1 or more.'],
    [{ purgeDays: 1 }, 'The purge in days is 1; it must be a whole number of 2 or more.'],
    [{ validationRows: -1 }, 'The number of validation rows is -1; it must be a whole number of 0 or more.'],
  ])('refuses %o', (broken, message) => {
    expect(() => walkForward({ ...few, window: 'expanding', ...broken })).toThrow(new RangeError(message));
  });
});

describe('purged k-fold', () => {
  test('is the hand-worked one', () => {
    // Rows 0 … 29 in three blocks; horizon 1, window 3: one row purged on either side, three more under embargo after.
    const folds = purgedKFold({ rows: 31, horizonDays: 1, longestWindow: 3, folds: 3 });
    expect(folds[1]).toEqual({
      train: [{ from: 0, to: 9 }, { from: 24, to: 30 }],
      validation: [],
      test: [{ from: 10, to: 20 }],
      purged: [{ from: 9, to: 10 }, { from: 20, to: 21 }],
      embargoed: [{ from: 21, to: 24 }],
    });
  });

  test('judges every usable row once and leaks nothing', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 2, max: 5 }), (given, folds) => {
        const made = purgedKFold({ ...given, folds });
        expect(made.flatMap((fold) => rowsOf(fold.test))).toEqual(rowsOf([{ from: given.firstRow!, to: given.rows - given.horizonDays }]));
        for (const fold of made) expect(leaks(fold, given.horizonDays, given.longestWindow)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('with a purge of horizon and window keeps training labels off everything that judged rows know', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 2, max: 4 }), (given, folds) => {
        const { horizonDays, longestWindow } = given;
        for (const fold of purgedKFold({ ...given, folds, purgeDays: horizonDays + longestWindow })) {
          for (const own of rowsOf(fold.train)) {
            for (const other of rowsOf(fold.test)) {
              expect(overlap([own, own + horizonDays], [other - longestWindow + 1, other + horizonDays])).toBe(false);
            }
          }
        }
      }),
      { numRuns: 4 },
    );
  });

  test('wastes nothing: one row less of either guard leaks', () => {
    const given = { rows: 200, horizonDays: 4, longestWindow: 7, folds: 4 };
    const [, fold] = purgedKFold(given);
    const nearer = (row: number): Fold => ({ ...fold!, train: [{ from: row, to: row + 1 }] });
    expect(leaks(nearer(fold!.test[0]!.from - given.horizonDays), given.horizonDays, given.longestWindow)).not.toEqual([]);
    // The embargo is the window in full, which is one row more than the overlap asks for.
    expect(leaks(nearer(fold!.test[0]!.to + given.horizonDays + given.longestWindow - 2), given.horizonDays, given.longestWindow)).not.toEqual([]);
  });

  test.each([
    [{ folds: 1 }, 'The number of folds is 1; it must be a whole number of 2 or more.'],
    [{ rows: 4, folds: 9 }, '3 usable rows are too few for 9 folds.'],
    [{ rows: 1 }, '1 rows leave none to use: 0 are incomplete and 1 have no label.'],
    [{ purgeDays: 0 }, 'The purge in days is 0; it must be a whole number of 1 or more.'],
    [{ embargoDays: 2 }, 'The embargo in days is 2; it must be a whole number of 3 or more.'],
    [{ longestWindow: 40, folds: 2 }, 'No row is left to train on beside the test rows 0 to 15: of 30 usable rows 15 are judged, 1 purged and 14 under embargo.'],
  ])('refuses %o', (broken, message) => {
    expect(() => purgedKFold({ rows: 31, horizonDays: 1, longestWindow: 3, folds: 3, ...broken })).toThrow(new RangeError(message));
  });
});

describe('combinatorial purged cross-validation', () => {
  const six = { rows: 122, horizonDays: 2, longestWindow: 5, groups: 6, testGroups: 2 };

  test("has the folds and paths of the book's example: 6 groups, 2 judged, 15 folds, 5 paths", () => {
    // López de Prado, Advances in Financial Machine Learning (2018), figures 12.1 and 12.2.
    const { folds, paths } = combinatorialPurged(six);
    expect([folds.length, paths.length]).toEqual([15, 5]);
    expect(folds.slice(0, 6).map(({ testGroups }) => testGroups)).toEqual([[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [1, 2]]);
    expect(paths[0]).toEqual([0, 0, 1, 2, 3, 4]);
    expect(paths[1]).toEqual([1, 5, 5, 6, 7, 8]);
  });

  test('judges a group in every path by a fold of its own, and leaks nothing', () => {
    const groups = fc.integer({ min: 3, max: 6 }).chain((of) => fc.tuple(fc.constant(of), fc.integer({ min: 1, max: Math.min(2, of - 1) })));
    fc.assert(
      fc.property(fc.integer({ min: 180, max: 240 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }), groups, (rows, horizonDays, longestWindow, [of, testGroups]) => {
        const split = combinatorialPurged({ rows, horizonDays, longestWindow, groups: of, testGroups });
        expect(split.paths.length * of).toBe(split.folds.length * testGroups);
        for (let group = 0; group < of; group++) {
          const judges = split.paths.map((path) => path[group]!);
          expect(new Set(judges).size).toBe(judges.length);
          for (const fold of judges) expect(split.folds[fold]!.testGroups).toContain(group);
        }
        for (const fold of split.folds) expect(leaks(fold, horizonDays, longestWindow)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  test('puts the forecasts of its folds together to whole histories', () => {
    const split = combinatorialPurged({ ...six, firstRow: 4 });
    // A forecast that says which fold made it and for which row.
    const forecasts = split.folds.map(({ test: judged }, fold) => rowsOf(judged).map((row) => fold + row / 1_000));
    const series = reconstructPaths(split, forecasts);
    expect(series).toHaveLength(5);
    for (const [path, values] of series.entries()) {
      expect(values).toHaveLength(116);
      for (const [group, { from, to }] of split.groups.entries()) {
        for (let row = from; row < to; row++) expect(values[row - 4]).toBeCloseTo(split.paths[path]![group]! + row / 1_000, 10);
      }
    }
    expect(() => reconstructPaths(split, [])).toThrow(new RangeError('Paths need the forecasts of 15 folds; got 0.'));
    expect(() => reconstructPaths(split, forecasts.map((own, fold) => (fold === 3 ? own.slice(1) : own)))).toThrow(/^Fold 3 judges \d+ rows; got \d+ forecasts\.$/);
  });

  test.each([
    [{ testGroups: 6 }, '6 of 6 groups cannot be judged: at least one must be left to train on.'],
    [{ groups: 20, testGroups: 10 }, '10 of 20 groups make 184756 folds; at most 1000 are allowed.'],
    [{ groups: 300, testGroups: 1 }, '120 usable rows are too few for 300 groups.'],
    [{ groups: 1 }, 'The number of groups is 1; it must be a whole number of 2 or more.'],
  ])('refuses %o', (broken, message) => {
    expect(() => combinatorialPurged({ ...six, ...broken })).toThrow(new RangeError(message));
  });
});

describe('the picture of a split', () => {
  test('gives every row one role in every fold', () => {
    const folds = purgedKFold({ rows: 31, horizonDays: 1, longestWindow: 3, folds: 3 });
    const picture = pictureOfFolds(folds, 31);
    expect(picture.folds[1]).toEqual([
      { from: 0, to: 9, role: 'train' },
      { from: 9, to: 10, role: 'purged' },
      { from: 10, to: 20, role: 'test' },
      { from: 20, to: 21, role: 'purged' },
      { from: 21, to: 24, role: 'embargoed' },
      { from: 24, to: 30, role: 'train' },
      { from: 30, to: 31, role: 'unused' },
    ]);
    for (const segments of picture.folds) expect(rowsOf(segments)).toEqual(rowsOf([{ from: 0, to: 31 }]));
  });

  test('shows a split by time as one bar', () => {
    const split = splitByTime({ rows: 100, firstRow: 10, horizonDays: 2, trainShare: 0.6, validationShare: 0.2 });
    const [bar] = pictureOfTimeSplit(split, 100).folds;
    expect(bar!.map(({ role }) => role)).toEqual(['unused', 'train', 'purged', 'validation', 'purged', 'test', 'unused']);
    expect(rowsOf(bar!)).toEqual(rowsOf([{ from: 0, to: 100 }]));
  });
});
