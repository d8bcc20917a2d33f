import { describe, expect, it } from 'vitest';
import type { Bars } from '../../../model/bars.ts';
import { computeFeatures, defaultFeatureSet } from '../../../model/features/index.ts';
import { findLookAhead, findSplitLeak } from '../../../model/guards/index.ts';
import { matrixOfColumns, type Matrix } from '../../../model/matrix.ts';
import { splitByTime } from '../../../model/splits/index.ts';
import { decideOnEveryBar } from '../decide-on-every-bar.ts';
import { randomWalk, weekdays } from '../sample-bars.ts';

const everyBar = (bars: Bars) => ({ bars, times: undefined });
const one = (name: string, column: (bars: Bars) => Float64Array) => decideOnEveryBar((bars): Matrix => matrixOfColumns([name], [column(bars)]));

describe('the look-ahead guard', () => {
  const bars = randomWalk(500, 3);

  it('lets every shipped feature pass', () => {
    expect(findLookAhead(decideOnEveryBar((own) => computeFeatures(own, defaultFeatureSet).matrix), everyBar(bars), undefined, [350, 400, 498, 499])).toBeUndefined();
  });

  it.each([
    ['the close that is forecast', ({ close }: Bars) => close.map((price, row) => (close[row + 1] ?? price) / price), 'taken away'],
    ['a centred window', ({ close }: Bars) => close.map((_, row) => (close[row - 1]! + close[row]! + (close[row + 1] ?? close[row]!)) / 3), 'taken away'],
    ['a mean of the whole series', ({ close }: Bars) => close.map((price) => price / close.reduce((sum, each) => sum + each / close.length, 0)), 'taken away'],
    ['a maximum to come', ({ high }: Bars) => high.map((_, row) => Math.max(...high.subarray(row))), 'taken away'],
    // Where there is no tomorrow it says what it says of most days, so that only other numbers give it away.
    ['a rare jump to come', ({ close }: Bars) => close.map((price, row) => ((close[row + 1] ?? price) / price > 1.1 ? 1 : 0)), 'something else'],
  ])('names a feature that uses %s', (_, column, how) => {
    const looks = Array.from({ length: 30 }, (_, at) => 200 + at);
    expect(findLookAhead(one('leak', column), everyBar(bars), undefined, looks)).toMatchObject({ column: 'leak', day: expect.stringMatching(/^2001-/), how: expect.stringContaining(how) });
  });

  it('looks at the first decision, the last, and some between, unless told where', () => {
    const leaksAt = (at: number) => one('leak', ({ close }) => close.map((price, row) => (row === at ? close.at(-1)! : price)));
    expect([0, 166, 333].map((at) => findLookAhead(leaksAt(at), everyBar(bars))?.day)).toEqual([0, 166, 333].map((at) => bars.date[at]));
    expect(findLookAhead(leaksAt(50), everyBar(bars))).toBeUndefined();
    expect(findLookAhead(leaksAt(50), everyBar(bars), undefined, [50])).toMatchObject({ column: 'leak' });
  });
});

describe('the split guard', () => {
  const dates = weekdays(100);
  const partsOf = (horizonDays: number): string[] => {
    const part = new Array<string>(100).fill('none');
    for (const [name, { from, to }] of Object.entries(splitByTime({ rows: 100, horizonDays, trainShare: 0.6, validationShare: 0.2 }))) part.fill(name, from, to);
    return part;
  };

  it.each([1, 5, 10])('lets a split by time pass, for labels over %i days', (horizonDays) => {
    expect(findSplitLeak(partsOf(horizonDays), dates, horizonDays)).toBeUndefined();
  });

  it('refuses rows of another part in between, parts out of order, a gap that is too small, and days that do not rise', () => {
    const part = partsOf(5);
    expect(findSplitLeak(part.with(10, 'test'), dates, 5)).toBe(`the train rows are no block of days: ${dates[10]} lies between them and is not one of them`);
    const turned = part.map((name) => (name === 'train' ? 'test' : name === 'test' ? 'train' : name));
    expect(findSplitLeak(turned, dates, 5)).toMatch(/^the validation rows begin on \S+, before the train rows end on /);
    expect(findSplitLeak(part, dates, 6)).toMatch(/^the validation rows begin 6 rows after the train rows end, whose labels look 6 ahead/);
    expect(findSplitLeak(part, dates.with(50, dates[49]!), 5)).toBe(`the days do not rise: ${dates[49]} comes after ${dates[49]}`);
  });
});
