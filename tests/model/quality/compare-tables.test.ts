import { describe, expect, it } from 'vitest';
import { compareTables, statisticsOf, type Table } from '../../../model/quality/index.ts';

const table = (columns: Table['columns'], rows: number): Table => ({ rows, columns });
const days = (...values: string[]) => ({ date: { type: 'date' as const, values } });
const numbers = (...values: number[]) => ({ type: 'float64' as const, values: Float64Array.from(values) });

describe('compareTables', () => {
  it('finds rows by their day, whatever their order', () => {
    const before = table({ ...days('a', 'b', 'c'), close: numbers(1, 2, 3) }, 3);
    const after = table({ ...days('d', 'c', 'b'), close: numbers(4, 3, 2.5) }, 3);
    expect(compareTables(before, after)).toMatchObject({ added: ['d'], removed: ['a'], changed: ['b'], same: 1, cells: [{ day: 'b', column: 'close', before: 2, after: 2.5, share: 0.25 }] });
    expect(compareTables(before, before)).toEqual({ schema: [], added: [], removed: [], changed: [], same: 3, cells: [], statistics: [] });
  });

  it('takes a missing number for equal to a missing number, and for different from any other', () => {
    const before = table({ ...days('a', 'b', 'c'), close: numbers(Number.NaN, Number.NaN, 0) }, 3);
    const after = table({ ...days('a', 'b', 'c'), close: numbers(Number.NaN, 1, 1) }, 3);
    // No share says how far it is from nothing, or from zero.
    expect(compareTables(before, after).cells).toEqual([{ day: 'b', column: 'close', before: 'NaN', after: 1 }, { day: 'c', column: 'close', before: 0, after: 1 }]);
  });

  it('names columns that came, went or changed their type, and compares the others; the place in the source is no column', () => {
    const before = table({ ...days('a'), close: numbers(1), volume: numbers(5), line: { type: 'int32', values: Float64Array.of(2) } }, 1);
    const after = table({ ...days('a'), close: numbers(1), volume: { type: 'string', values: ['5'] }, symbol: { type: 'string', values: ['X'] } }, 1);
    const found = compareTables(before, after);
    expect(found.schema).toEqual([{ column: 'volume', before: 'float64', after: 'string' }, { column: 'symbol', before: null, after: 'string' }]);
    expect([found.same, found.cells, found.statistics]).toEqual([1, [], []]);
  });

  it('describes columns of numbers', () => {
    expect(statisticsOf(numbers(1, Number.NaN, 4, Infinity))).toEqual({ finite: 2, missing: 1, minimum: 1, mean: 2.5, maximum: 4 });
    expect(statisticsOf(numbers(Number.NaN))).toEqual({ finite: 0, missing: 1, minimum: null, mean: null, maximum: null });
    expect(statisticsOf({ type: 'string', values: ['a'] })).toBeUndefined();
  });

  it('refuses a table without days', () => {
    expect(() => compareTables(table({ close: numbers(1) }, 1), table(days('a'), 1))).toThrow(RangeError);
  });
});
