import { describe, expect, test } from 'vitest';
import { accuracy, confusionMatrix, fitTerciles, predictedClasses, sliceByForecast, sliceByVolatility, sliceByYear, sliceFigures } from '../../../model/metrics/index.ts';
import { createRandom } from '../../../model/random.ts';

const options = { seed: 1, resamples: 200, horizonDays: 1 };

describe('slices', () => {
  test('by year are the calendar years of the days', () => {
    const slices = sliceByYear(['2019-12-30', '2019-12-31', '2020-01-02']);
    expect(slices.map(({ name, includes }) => [name, [...includes]])).toEqual([['2019', [1, 1, 0]], ['2020', [0, 0, 1]]]);
  });

  test('by volatility use borders that know training days alone', () => {
    const borders = fitTerciles([NaN, 1, 2, 3, 4, 5, 6, 7]);
    expect(borders).toEqual({ lower: 3, upper: 5 });
    // All judged days are wild by the measure of training; borders of their own would have called a third of them calm.
    const [low, middle, high] = sliceByVolatility([8, 9, 10, 4, 3], borders);
    expect([[...low!.includes], [...middle!.includes], [...high!.includes]]).toEqual([[0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [1, 1, 1, 0, 0]]);
    expect(() => fitTerciles([1, NaN, 2])).toThrow(new RangeError('Terciles need at least 3 training values; got 2.'));
    expect(() => sliceByVolatility([1, NaN], borders)).toThrow(new RangeError('The volatility of judged day 1 is NaN; it must be a finite number.'));
  });

  test('by forecast part the days in two', () => {
    expect(sliceByForecast([0.4, 0.5, 0.6]).map(({ name, includes }) => [name, [...includes]])).toEqual([
      ['up was forecast', [0, 1, 1]],
      ['up was not forecast', [1, 0, 0]],
    ]);
  });
});

describe('figures by slice', () => {
  const random = createRandom(3);
  const count = 400;
  const dates = Array.from({ length: count }, (_, day) => `${day < 30 ? 2018 : day < 200 ? 2019 : 2020}-01-01`);
  const labels = Array.from({ length: count }, () => (random.uniform() < 0.55 ? 1 : 0));
  // Right in 2019, random in 2020.
  const probabilities = labels.map((label, day) => (day < 200 ? 0.5 + (label - 0.5) / 5 : 0.4 + 0.2 * random.uniform()));
  const reference = labels.map(() => 0.55);
  const reports = sliceFigures(sliceByYear(dates), labels, probabilities, reference, options);

  test('are the figures of the days of the slice, with counts and intervals', () => {
    expect(reports.map(({ name, days }) => [name, days])).toEqual([['2018', 30], ['2019', 170], ['2020', 200]]);
    const own = accuracy(confusionMatrix(labels.slice(200), predictedClasses(probabilities.slice(200))));
    expect(reports[2]!.figures.accuracy).toMatchObject({ kind: 'measured', value: own });
    expect(reports[1]!.figures.accuracy).toMatchObject({ kind: 'measured', value: 1, interval: { lower: 1, upper: 1 } });
  });

  test('stand beside a reference on the same days', () => {
    const below = reports[1]!.figures.logLossAboveReference;
    expect(below.kind === 'measured' && below.interval!.upper).toBeLessThan(0);
  });

  test('of few days carry a note, of none do not exist', () => {
    expect(reports.map(({ note }) => note)).toEqual(['30 days are too few to tell; 60 are needed', undefined, undefined]);
    const [none] = sliceFigures([{ group: 'volatility', name: 'high volatility', includes: new Uint8Array(count) }], labels, probabilities, reference, options);
    expect(none).toMatchObject({ days: 0, note: '0 days are too few to tell; 60 are needed' });
    for (const figure of Object.values(none!.figures)) expect(figure).toEqual({ kind: 'undefined', reason: 'there are no days' });
    const [said] = sliceFigures(sliceByForecast(probabilities), labels, probabilities, reference, options);
    expect(said!.figures.balancedAccuracy).toEqual({ kind: 'undefined', reason: 'only up was predicted' });
    expect(said!.figures.accuracy.kind).toBe('measured');
    const single = sliceFigures([{ group: 'forecast', name: 'only ups', includes: Uint8Array.from(labels) }], labels, probabilities, reference, options);
    expect(single[0]!.figures.balancedAccuracy).toEqual({ kind: 'undefined', reason: 'only up days happened' });
  });

  test('refuse a slice of other days', () => {
    const short = [{ group: 'year' as const, name: '2019', includes: new Uint8Array(3) }];
    expect(() => sliceFigures(short, labels, probabilities, reference, options)).toThrow(
      new RangeError('The slice "2019" needs one entry per judged day; got 3 for 400 days.'),
    );
  });
});
