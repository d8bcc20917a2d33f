import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnOf, matrixOfColumns, sliceRows } from '../../model/matrix.ts';
import { applyNormalisation, fitNormalisation } from '../../model/normalise.ts';

const matrix = matrixOfColumns(['a', 'constant'], [[NaN, 2, 4, 4, 4, 5, 5, 7, 9, 1_000], new Array<number>(10).fill(0.1)]);
const rows = { from: 1, to: 9 };

describe('a normalisation', () => {
  test('is the mean and the population deviation of the training rows', () => {
    // The textbook series 2 4 4 4 5 5 7 9: mean 5, population deviation 2.
    const { mean, scale } = fitNormalisation(matrix, rows);
    expect([mean[0], scale]).toEqual([5, [2, 1]]);
    expect(mean[1]).toBeCloseTo(0.1, 15);
  });

  test('turns a constant column into 0 and keeps NaN', () => {
    const normalised = applyNormalisation(matrix, fitNormalisation(matrix, rows));
    for (const value of columnOf(normalised, 'constant')) expect(Math.abs(value)).toBeLessThan(1e-15);
    expect(columnOf(normalised, 'a')[0]).toBeNaN();
    expect(columnOf(normalised, 'a')[9]).toBe(497.5);
  });

  test('gives the fitted rows mean 0 and deviation 1, and knows nothing of other rows', () => {
    const numbers = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 3, maxLength: 50 });
    fc.assert(
      fc.property(numbers, fc.double({ noNaN: true, min: -1e9, max: 1e9 }), (column, unseen) => {
        const fitted = { from: 0, to: column.length };
        const own = fitNormalisation(matrixOfColumns(['x'], [[...column, 0]]), fitted);
        expect(fitNormalisation(matrixOfColumns(['x'], [[...column, unseen]]), fitted)).toEqual(own);
        const again = fitNormalisation(applyNormalisation(matrixOfColumns(['x'], [column]), own), fitted);
        expect(again.mean[0]).toBeCloseTo(0, 6);
        expect(again.scale[0]).toBeCloseTo(1, 6);
      }),
    );
  });

  test('survives JSON', () => {
    const fitted = fitNormalisation(matrix, rows);
    expect(JSON.parse(JSON.stringify(fitted))).toEqual(fitted);
  });

  test('refuses what it cannot fit', () => {
    expect(() => fitNormalisation(matrix, { from: 0, to: 5 })).toThrow(new RangeError('The feature a is NaN in row 0; a normalisation needs finite values.'));
    expect(() => fitNormalisation(matrix, { from: 3, to: 3 })).toThrow(new RangeError('A normalisation needs at least one row to be fitted on; got none.'));
    expect(() => fitNormalisation(matrix, { from: 3, to: 11 })).toThrow('Rows 3 to 11 do not exist in a matrix of 10 rows.');
    expect(() => applyNormalisation(sliceRows(matrix, 0, 1), { mean: [1], scale: [1] })).toThrow(new RangeError('The normalisation is for 1 columns; the table has 2.'));
  });
});
