import { describe, expect, it } from 'vitest';
import type { Bars } from '../../../model/bars.ts';
import { computeFeatures, defaultFeatureSet, describeFeatures, type FeatureSet } from '../../../model/features/index.ts';
import { randomWalk, rowOf } from '../sample-bars.ts';

const features = describeFeatures(defaultFeatureSet).map((feature, at) => ({ ...feature, name: feature.columns.join(), set: { features: [defaultFeatureSet.features[at]!] } as FeatureSet }));
const walk = randomWalk(700, 5);
const last = walk.date.length - 1;
const rowAtEnd = (bars: Bars, set: FeatureSet): number[] => rowOf(computeFeatures(bars, set).matrix, last);

/** The bars with every number of some rows changed, so that no ratio stays. */
function change(bars: Bars, touch: (row: number) => boolean): Bars {
  const changed = (values: Float64Array, by: number): Float64Array => values.map((value, row) => (touch(row) ? value * (1 + by * Math.sin(row + by)) : value));
  return { ...bars, open: changed(bars.open, 0.11), high: changed(bars.high, 0.12), low: changed(bars.low, 0.13), close: changed(bars.close, 0.14), volume: changed(bars.volume, 0.15) };
}

describe('what a feature declares', () => {
  it.each(features)('$name looks back on $bars bars ($memory)', ({ set, bars, memory }) => {
    const before = rowAtEnd(walk, set);
    const older = rowAtEnd(change(walk, (row) => row <= last - bars), set);
    if (memory === 'window') expect(older).toEqual(before);
    // Next to nothing is not nothing: a fading feature really does remember, but for a billionth.
    else {
      expect(older).not.toEqual(before);
      before.forEach((value, at) => expect(Math.abs(older[at]! - value)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(value))));
    }
  });

  it.each(features.filter(({ memory, availability }) => memory === 'window' && availability === 'bar'))('$name needs the oldest of its $bars bars', ({ set, bars }) => {
    expect(rowAtEnd(change(walk, (row) => row === last - bars + 1), set)).not.toEqual(rowAtEnd(walk, set));
  });

  it.each(features)('$name is known with its $availability', ({ set, availability, inputs }) => {
    const other = rowAtEnd(change(walk, (row) => row === last), set);
    if (availability === 'bar') expect(other).not.toEqual(rowAtEnd(walk, set));
    else {
      expect(other).toEqual(rowAtEnd(walk, set));
      expect(inputs).toEqual(['date']);
    }
  });
});
