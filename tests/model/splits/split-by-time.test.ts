import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitByTime } from '../../../model/splits/index.ts';

describe('a split by time', () => {
  test('is the hand-worked one', () => {
    // 100 rows, 10 incomplete, 2 without label, twice 2 purged: 84 rows to share, 50, 16 and 18.
    expect(splitByTime({ rows: 100, firstRow: 10, horizonDays: 2, trainShare: 0.6, validationShare: 0.2 })).toEqual({
      train: { from: 10, to: 60 },
      validation: { from: 62, to: 78 },
      test: { from: 80, to: 98 },
    });
  });

  test('never lets a label of one part reach into the next, and uses every other row', () => {
    const share = fc.double({ min: 0.05, max: 0.45, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 2_000 }), fc.nat(50), fc.integer({ min: 1, max: 20 }), fc.nat(10), share, share, (rows, firstRow, horizonDays, more, trainShare, validationShare) => {
        const purgeDays = horizonDays + more;
        const { train, validation, test } = splitByTime({ rows, firstRow, horizonDays, trainShare, validationShare, purgeDays });
        expect(train.from).toBe(firstRow);
        expect(test.to).toBe(rows - horizonDays);
        for (const part of [train, validation, test]) expect(part.to).toBeGreaterThan(part.from);
        for (const [earlier, later] of [[train, validation], [validation, test]] as const) {
          const lastCloseOfLabels = earlier.to - 1 + horizonDays;
          expect(lastCloseOfLabels).toBeLessThan(later.from);
          expect(later.from - earlier.to).toBe(purgeDays);
        }
      }),
    );
  });

  test.each([
    [{ rows: 0 }, '0 rows are too few for three parts: 0 are incomplete, 1 have no label, 2 are purged, and 0 remain.'],
    [{ rows: 1 }, '1 rows are too few for three parts'],
    [{ rows: 300, firstRow: 295 }, '300 rows are too few for three parts: 295 are incomplete, 1 have no label, 2 are purged, and 2 remain.'],
    [{ rows: NaN }, 'The number of rows is NaN; it must be a whole number of 0 or more.'],
    [{ horizonDays: 0 }, 'The label horizon in days is 0; it must be a whole number of 1 or more.'],
    [{ horizonDays: 5, purgeDays: 4 }, 'The purge in days is 4; it must be a whole number of 5 or more.'],
    [{ trainShare: 0.8, validationShare: 0.2 }, 'The training and validation shares are 0.8 and 0.2; both must be above 0 and their sum below 1.'],
    [{ trainShare: NaN }, 'The training and validation shares are NaN and 0.15'],
  ])('refuses %o', (broken, message) => {
    const options = { rows: 100, horizonDays: 1, trainShare: 0.7, validationShare: 0.15, ...broken };
    expect(() => splitByTime(options)).toThrow(RangeError);
    expect(() => splitByTime(options)).toThrow(message);
  });
});
