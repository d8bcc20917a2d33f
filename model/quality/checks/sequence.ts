import { BAR_COLUMNS } from '../../bars.ts';
import { eachRow, NAMES, signedPercent, type Check, type Finding } from '../check.ts';
import { trailingMedian } from '../trailing-median.ts';
import { barsOf, cellOf, demandNumbers, demandTexts } from '../table.ts';

/** Of rows with the same key that are equal throughout the first is kept; of rows that contradict each other, none. */
export const unique: Check<{ readonly key: readonly string[] }> = {
  severities: ['quarantine', 'stop', 'warn'],
  settings: { key: { ...NAMES, default: ['date'] } },
  demand: ({ key }) => `There is one row ${key.join() === 'date' ? 'a day' : `for each ${key.join(' and ')}`}. Of equal rows the first is kept; of rows that contradict each other, none.`,
  find: (table, { key }) => {
    const keys = key.map((name) => (Object.hasOwn(table.columns, name) ? table.columns[name]! : refuse(name)));
    const groups = new Map<string, number[]>();
    for (let row = 0; row < table.rows; row++) {
      const value = JSON.stringify(keys.map((column) => cellOf(column, row)));
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [row]);
      else group.push(row);
    }
    const all = Object.values(table.columns);
    const findings: Finding[] = [];
    for (const group of groups.values()) {
      const [first, ...copies] = group as [number, ...number[]];
      if (copies.length === 0) continue;
      if (copies.every((row) => all.every((column) => cellOf(column, row) === cellOf(column, first)))) {
        for (const row of copies) findings.push({ row, reason: `repeats ${group.includes(row - 1) ? 'the row before it' : `row ${first}`}` });
      } else for (const row of group) findings.push({ row, reason: `is one of ${group.length} of this ${key.join() === 'date' ? 'day' : 'key'} that differ` });
    }
    return { findings: findings.sort((a, b) => a.row! - b.row!) };
  },
};

/** A source that has nothing new and gives the last bar again. A day without trade may well repeat the one before. */
export const stale: Check<Readonly<Record<never, never>>> = {
  severities: ['quarantine', 'stop', 'warn'],
  settings: {},
  demand: () => 'No row repeats prices and volume of the row before it.',
  find: (table) => {
    const bars = barsOf(table);
    return eachRow(table.rows, (row) =>
      row > 0 && bars.volume[row]! > 0 && BAR_COLUMNS.every((column) => bars[column][row] === bars[column][row - 1])
        ? `has the same prices and the same volume, ${bars.volume[row]}, as ${bars.date[row - 1]}`
        : undefined,
    );
  },
};

/** One value for days on end: a market that is halted, or a source that fills up. */
export const flat: Check<{ readonly column: string; readonly moreThan: number }> = {
  severities: ['warn', 'stop'],
  settings: { column: { type: 'string', default: 'close' }, moreThan: { type: 'integer', minimum: 1, default: 5 } },
  demand: ({ column, moreThan }) => `The ${column} is not the same in more than ${moreThan} rows in a row.`,
  find: (table, { column, moreThan }) => {
    const values = demandNumbers(table, column);
    const findings: Finding[] = [];
    for (let first = 0; first < values.length; ) {
      let end = first + 1;
      while (end < values.length && values[end] === values[first]) end++;
      if (end - first > moreThan) findings.push({ row: first, reason: `is the first of ${end - first} in a row with the ${column} ${values[first]}` });
      first = end;
    }
    return { findings };
  },
};

export const jump: Check<{ readonly maximumReturn: number }> = {
  severities: ['warn', 'quarantine', 'stop'],
  settings: { maximumReturn: { type: 'number', minimum: 0 } },
  demand: ({ maximumReturn }) => `The close changes by no more than ${Number((100 * maximumReturn).toPrecision(6))} % from row to row.`,
  find: (table, { maximumReturn }) => {
    const [date, close] = [demandTexts(table, 'date'), demandNumbers(table, 'close')];
    return eachRow(table.rows, (row) => {
      if (row === 0) return undefined;
      const change = close[row]! / close[row - 1]! - 1;
      return Math.abs(change) > maximumReturn ? `has the close ${close[row]}, ${signedPercent(change)} from ${date[row - 1]}` : undefined;
    });
  },
};

/** Median absolute deviation × 1.4826 estimates the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * A return beyond `deviations` robust standard deviations of the `window` returns before it. The daily mean is taken as
 * 0, so the deviation is 1.4826 × the median absolute return. Only the past counts: a row is judged alike whatever comes
 * after it, and a jump does not widen its own limit. Silent until `window` returns are known.
 */
export const outlier: Check<{ readonly deviations: number; readonly window: number }> = {
  severities: ['warn', 'quarantine', 'stop'],
  settings: { deviations: { type: 'number', exclusiveMinimum: 0 }, window: { type: 'integer', minimum: 20, default: 250 } },
  demand: ({ deviations, window }) => `No return is beyond ${deviations} robust standard deviations (median absolute deviation) of the ${window} before it.`,
  find: (table, { deviations, window }) => {
    const ratios = outlierRatios(demandNumbers(table, 'close'), window);
    return eachRow(table.rows, (row) => (ratios[row]! > deviations ? `has a return of ${Number(ratios[row]!.toPrecision(3))} robust standard deviations` : undefined));
  },
};

/** Absolute log return in robust standard deviations of the `window` before it, by row; NaN where those are not known. */
export function outlierRatios(close: Float64Array, window: number): Float64Array {
  const size = close.map((value, row) => (row === 0 ? Number.NaN : Math.abs(Math.log(value / close[row - 1]!))));
  const usual = trailingMedian(size, window);
  return size.map((value, row) => {
    const deviation = MAD_TO_DEVIATION * (usual[row] ?? Number.NaN);
    return deviation > 0 ? value / deviation : Number.NaN;
  });
}

/** Old for new shares, as in announcements of splits, in both directions. */
const SPLITS = [1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100];

/**
 * A split that the prices were not adjusted for: open and close stand at the same simple fraction of the close before,
 * so the step happened overnight and stayed.
 */
export const split: Check<{ readonly tolerance: number }> = {
  severities: ['warn', 'quarantine', 'stop'],
  settings: { tolerance: { type: 'number', exclusiveMinimum: 0, maximum: 0.1, default: 0.04 } },
  demand: ({ tolerance }) => `No price steps overnight to a simple fraction or multiple (2:1, 3:2, …), within ${tolerance} of it, as a split does.`,
  find: (table, { tolerance }) => {
    const { date, open, close } = barsOf(table);
    return eachRow(table.rows, (row) => {
      if (row === 0) return undefined;
      const isNear = (ratio: number, factor: number): boolean => Math.abs(Math.log(ratio / factor)) <= tolerance;
      for (const factor of SPLITS.flatMap((one) => [1 / one, one])) {
        if (!isNear(open[row]! / close[row - 1]!, factor) || !isNear(close[row]! / close[row - 1]!, factor)) continue;
        const words = factor < 1 ? `1/${Number((1 / factor).toPrecision(3))}` : `${factor} times`;
        return `opens at ${open[row]} and closes at ${close[row]}, about ${words} the close of ${date[row - 1]}, ${close[row - 1]}: a split?`;
      }
      return undefined;
    });
  },
};

function refuse(name: string): never {
  throw new RangeError(`A rule names the column "${name}", which the data does not have.`);
}
