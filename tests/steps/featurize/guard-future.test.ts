import { describe, expect, it } from 'vitest';
import { defaultFeatureSet, joinedFeatures, type FeatureSet } from '../../../model/features/index.ts';
import { chooseRows, type ChosenRows } from '../../../steps/featurize/choose-rows.ts';
import { guardAgainstFuture } from '../../../steps/featurize/guard-future.ts';
import type { Prices } from '../../../steps/featurize/read-prices.ts';
import { randomWalk } from '../../model/sample-bars.ts';

const HOUR = 3_600_000;
const OPTIONS = { decisionMinutes: 0, maximumAgeDays: 7 };

function pricesOf(seed: number, delayHours = 0): Prices {
  const bars = randomWalk(500, seed);
  const eventTime = Float64Array.from(bars.date, (day) => Date.parse(`${day}T21:00:00Z`));
  return { bars, symbol: 'A', times: { eventTime, knownFrom: eventTime.map((time) => time + delayHours * HOUR) } };
}

type Choose = (prices: Prices, extra: Prices | undefined) => ChosenRows;
const honest = (set: FeatureSet): Choose => (prices, extra) => chooseRows(prices, extra, set, OPTIONS);
const guard = (choose: Choose, prices: Prices, extra?: Prices) => () => guardAgainstFuture(choose, prices, extra, choose(prices, extra));

/** Puts what a function says of a session in place of the first feature. */
const leaking = (value: (prices: Prices, row: number) => number): Choose => (prices, extra) => {
  const chosen = honest(defaultFeatureSet)(prices, extra);
  const values = chosen.matrix.values.slice();
  chosen.session.forEach((row, at) => (values[at * chosen.matrix.names.length] = value(prices, row)));
  return { ...chosen, matrix: { ...chosen.matrix, values } };
};

describe('the guard against features that know the future', () => {
  const joined: FeatureSet = { ...defaultFeatureSet, joined: { name: 'vix', features: joinedFeatures, maximumAgeDays: 7 } };

  it('has nothing against honest features, late bars and joined series', () => {
    for (const delay of [0, 1, 40]) {
      expect(guard(honest(defaultFeatureSet), pricesOf(1, delay))).not.toThrow();
      expect(guard(honest(joined), pricesOf(1), pricesOf(2, delay))).not.toThrow();
    }
    expect(guard(honest(defaultFeatureSet), { ...pricesOf(1), times: undefined })).not.toThrow();
  });

  it('catches a feature that uses the close it predicts', () => {
    const tomorrow = leaking(({ bars: { close } }, row) => (close[row + 1] ?? close[row]!) / close[row]! - 1);
    expect(guard(tomorrow, pricesOf(1))).toThrow(/^PW508: The feature log_return_1 of \S+ knows the future: it is -?[\d.e-]+, and 0 when what was not available at its decision is taken away\./);
  });

  it('catches one that is scaled by the whole series', () => {
    const centred = leaking(({ bars: { close } }, row) => close[row]! / (close.reduce((sum, price) => sum + price, 0) / close.length));
    expect(guard(centred, pricesOf(1))).toThrow('PW508');
  });

  it('catches a join that does not ask when a value was available', () => {
    const blind: Choose = (prices, extra) => honest(joined)(prices, extra && { ...extra, times: { ...extra.times!, knownFrom: extra.times!.eventTime } });
    expect(guard(blind, pricesOf(1), pricesOf(2, 5))).toThrow(/PW508: The feature vix_\w+ of/);
    const blindToOwn: Choose = (prices) => honest(defaultFeatureSet)({ ...prices, times: { ...prices.times!, knownFrom: prices.times!.eventTime } }, undefined);
    expect(guard(blindToOwn, pricesOf(1, 1))).toThrow(/PW508: The feature log_return_1 of/);
  });
});
