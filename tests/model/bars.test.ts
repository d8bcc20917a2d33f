import { describe, expect, test } from 'vitest';
import { checkBars, isCalendarDay, sliceBars, type Bars } from '../../model/bars.ts';
import { columnOf, matrixOfColumns, sliceRows } from '../../model/matrix.ts';
import { computeFeatures, defaultFeatureSet } from '../../model/features/index.ts';
import { barsOfCloses, sp500 } from './sample-bars.ts';

describe('bars are checked', () => {
  const good = barsOfCloses([10, 11, 12]);
  const withClose = (value: number): Bars => ({ ...good, close: Float64Array.of(10, value, 12) });

  test('real and empty ones pass', () => {
    expect(() => checkBars(sp500())).not.toThrow();
    expect(() => checkBars(barsOfCloses([]))).not.toThrow();
  });

  test.each<[string, Bars, string]>([
    ['a price that is NaN', withClose(NaN), 'The close of 2001-01-02 (row 1) is NaN; it must be a finite number above 0.'],
    ['a price that is infinite', withClose(Infinity), 'The close of 2001-01-02 (row 1) is Infinity; it must be a finite number above 0.'],
    ['a price of 0', withClose(0), 'The close of 2001-01-02 (row 1) is 0; it must be a finite number above 0.'],
    ['a volume below 0', { ...good, volume: Float64Array.of(1, 2, -3) }, 'The volume of 2001-01-03 (row 2) is -3; it must be a finite number of 0 or more.'],
    ['columns of two lengths', { ...good, open: Float64Array.of(1) }, 'Bars need columns of one length: date has 3 rows, open has 1.'],
    ['a date twice', { ...good, date: ['2001-01-01', '2001-01-01', '2001-01-02'] }, 'Dates must rise: row 1 is 2001-01-01 and the row before it is 2001-01-01.'],
    ['a day that does not exist', { ...good, date: ['2001-01-01', '2001-02-29', '2001-03-01'] }, 'The date of row 1 is "2001-02-29", which is not a day written as YYYY-MM-DD.'],
  ])('%s is refused with a sentence, by the features too', (_, bars, message) => {
    expect(() => checkBars(bars)).toThrow(new RangeError(message));
    expect(() => computeFeatures(bars, defaultFeatureSet)).toThrow(new RangeError(message));
  });

  test('calendar days follow the Gregorian leap years', () => {
    expect(['2000-02-29', '2004-02-29', '2020-12-31'].every(isCalendarDay)).toBe(true);
    expect(['1900-02-29', '2001-02-29', '2020-13-01', '2020-04-31', '2020-1-1', '2020-00-10', '2020-01-00', ''].some(isCalendarDay)).toBe(false);
  });

  test('a slice keeps its columns together', () => {
    const slice = sliceBars(good, 1);
    expect([slice.date, [...slice.close], [...slice.volume]]).toEqual([['2001-01-02', '2001-01-03'], [11, 12], [1_000, 1_000]]);
  });
});

describe('a matrix', () => {
  const matrix = matrixOfColumns(['a', 'b'], [[1, 2, 3], [4, 5, 6]]);

  test('keeps columns row by row and gives them back', () => {
    expect([...matrix.values]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...columnOf(matrix, 'b')]).toEqual([4, 5, 6]);
    expect([...sliceRows(matrix, 1, 3).values]).toEqual([2, 5, 3, 6]);
    expect(matrixOfColumns([], []).rows).toBe(0);
  });

  test('refuses what does not fit', () => {
    expect(() => matrixOfColumns(['a'], [])).toThrow('A matrix needs one name per column; got 1 names for 0 columns.');
    expect(() => matrixOfColumns(['a', 'b'], [[1], [1, 2]])).toThrow('A matrix needs columns of one length: a has 1 rows, b has 2.');
    expect(() => columnOf(matrix, 'c')).toThrow('The matrix has no column c; it has a, b.');
    expect(() => sliceRows(matrix, 2, 4)).toThrow('Rows 2 to 4 do not exist in a matrix of 3 rows.');
  });
});
