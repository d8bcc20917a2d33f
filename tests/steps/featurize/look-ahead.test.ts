import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Bars } from '../../../model/bars.ts';
import { computeFeatures, defaultFeatureSet, FEATURES, joinedFeatures, type FeatureSet } from '../../../model/features/index.ts';
import { findLookAhead, type KnownBars } from '../../../model/guards/index.ts';
import { buildTable } from '../../../steps/featurize/build-table.ts';
import { chooseRows } from '../../../steps/featurize/choose-rows.ts';
import type { Prices } from '../../../steps/featurize/read-prices.ts';
import { randomWalk } from '../../model/sample-bars.ts';
import { createRig, featuresOf, type Rig } from '../rig.ts';

const HOUR = 3_600_000;
const OPTIONS = { decisionMinutes: 0, maximumAgeDays: 7 };

function pricesOf(seed: number, delayHours = 0): Prices {
  const bars = randomWalk(500, seed);
  const eventTime = Float64Array.from(bars.date, (day) => Date.parse(`${day}T21:00:00Z`));
  return { bars, symbol: 'A', times: { eventTime, knownFrom: eventTime.map((time) => time + delayHours * HOUR) } };
}

type Compute = typeof computeFeatures;
const build = (prices: Prices, extra?: Prices, compute?: Compute, options: object = {}) => () =>
  buildTable(prices, extra, extra ? joined : defaultFeatureSet, { horizonDays: 1, trainShare: 0.6, validationShare: 0.2, decisionMinutes: 0, maximumAgeDays: 7, ...options }, compute);
const joined: FeatureSet = { ...defaultFeatureSet, joined: { name: 'vix', features: joinedFeatures, maximumAgeDays: 7 } };

/** Puts what a function says of a bar in place of the first feature. */
const leaking = (value: (bars: Bars, row: number) => number): Compute => (bars, set) => {
  const table = computeFeatures(bars, set);
  const { names, values } = table.matrix;
  return { ...table, matrix: { ...table.matrix, values: values.map((own, at) => (at % names.length === 0 ? value(bars, Math.floor(at / names.length)) : own)) } };
};
const tomorrow = ({ close }: Bars, row: number): number => (close[row + 1] ?? close[row]!) / close[row]! - 1;

describe('the look-ahead guard, as featurize asks it', () => {
  it('has nothing against honest features, late bars and joined series', () => {
    for (const delay of [0, 1, 40]) {
      expect(build(pricesOf(1, delay))).not.toThrow();
      expect(build(pricesOf(1), pricesOf(2, delay))).not.toThrow();
    }
    expect(build({ ...pricesOf(1), times: undefined })).not.toThrow();
  });

  it('refuses a feature that uses the close it predicts, and makes no table', () => {
    expect(build(pricesOf(1), undefined, leaking(tomorrow))).toThrow(/^PW508: The feature log_return_1 of \S+ knows the future: it is -?[\d.e-]+, and 0 when what was not available at its decision is taken away\./);
    expect(build(pricesOf(1), pricesOf(2), leaking(tomorrow))).toThrow('PW508');
  });

  it('refuses one that is scaled by the whole series', () => {
    const mean = (values: Float64Array): number => values.reduce((sum, price) => sum + price, 0) / values.length;
    expect(build(pricesOf(1), undefined, leaking(({ close }, row) => close[row]! / mean(close)))).toThrow('PW508');
  });

  it('refuses decisions so late that the next bar is there already', () => {
    expect(build(pricesOf(1), undefined, undefined, { decisionMinutes: 5 * 1440 })).toThrow(/^The decision on 2002-02-25 is made 7200 minutes after its close, when the bar of 2002-03-01 is there already\./);
    // With a delay as long as that it is not there.
    expect(build(pricesOf(1, 5 * 24), undefined, undefined, { decisionMinutes: 5 * 1440 })).not.toThrow();
  });

  it('finds a join that does not ask when a value was available', () => {
    const find = (set: FeatureSet, forget: (known: KnownBars) => KnownBars, forgetExtra: typeof forget, prices: Prices, extra?: Prices) =>
      findLookAhead((known, knownExtra) => chooseRows(forget(known), knownExtra && forgetExtra(knownExtra), set, OPTIONS), prices, extra);
    const keep = (known: KnownBars): KnownBars => known;
    const forget = ({ bars, times }: KnownBars): KnownBars => ({ bars, times: { eventTime: times!.eventTime, knownFrom: times!.eventTime } });
    expect(find(joined, keep, forget, pricesOf(1), pricesOf(2, 5))?.column).toMatch(/^vix_/);
    expect(find(joined, keep, keep, pricesOf(1), pricesOf(2, 5))).toBeUndefined();
    expect(find(defaultFeatureSet, forget, keep, pricesOf(1, 1))?.column).toBe('log_return_1');
  });
});

describe('the step featurize with a catalogue that leaks', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await rig.remove();
  });

  it('ends with PW508 and names the feature', async () => {
    const { bars } = pricesOf(1);
    await expect(featuresOf(rig, bars)).resolves.toBeDefined();
    vi.spyOn(FEATURES.find(({ kind }) => kind === 'momentum')!, 'compute').mockImplementation((given) => [Float64Array.from(given.close, (_, row) => tomorrow(given, row))]);
    await expect(featuresOf(rig, bars)).rejects.toThrow(/^PW508: The feature momentum_10 of /);
  });
});
