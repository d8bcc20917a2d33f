import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBars, type Bars } from '../../../model/bars.ts';
import { createRandom } from '../../../model/random.ts';
import { makeMarket } from '../../../steps/ingest/synthetic/market.ts';
import { drawReturns, type Returns } from '../../../steps/ingest/synthetic/returns.ts';
import { describeMarket, MARKETS, parseMarket } from '../../../steps/ingest/synthetic/settings.ts';

/** So many days that a moment which is off by a few percent is far outside its error. */
const DAYS = 200_000;
const draw = (text: string, seed = 7): Returns => drawReturns(parseMarket(text.includes('?') ? `${text}&days=${DAYS}` : `${text}?days=${DAYS}`), createRandom(seed));

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: Float64Array): number => {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length;
};
const autocorrelation = (values: Float64Array): number => {
  const center = mean(values);
  let sum = 0;
  for (let day = 1; day < values.length; day++) sum += (values[day]! - center) * (values[day - 1]! - center);
  return sum / values.length / variance(values);
};
const kurtosis = (values: Float64Array): number => {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 4, 0) / values.length / variance(values) ** 2;
};
/** Five standard errors: for a fixed seed the test never fails by chance, and a wrong moment does not slip through. */
const expectNear = (found: number, wanted: number, standardError: number): void => expect(Math.abs(found - wanted)).toBeLessThan(5 * standardError);

describe('a synthetic market', () => {
  it('random-walk: independent normal returns with the stated mean and deviation', () => {
    const { values } = draw('random-walk?drift=0.0005&volatility=0.02');
    expectNear(mean(values), 0.0005, 0.02 / Math.sqrt(DAYS));
    expectNear(Math.sqrt(variance(values)), 0.02, 0.02 / Math.sqrt(2 * DAYS));
    expectNear(kurtosis(values), 3, Math.sqrt(24 / DAYS));
    expectNear(autocorrelation(values), 0, 1 / Math.sqrt(DAYS));
    expectNear(autocorrelation(values.map((value) => value ** 2)), 0, 1 / Math.sqrt(DAYS));
  });

  it('garch: the stated long-run deviation, fat tails, sizes that last and signs that do not', () => {
    const [alpha, beta] = [0.1, 0.8];
    const { values } = draw(`garch?alpha=${alpha}&beta=${beta}&volatility=0.012`);
    // Bollerslev 1986, eq. 11 (kurtosis), and the autocorrelation of squares in its §4.
    const wanted = (3 * (1 - (alpha + beta) ** 2)) / (1 - (alpha + beta) ** 2 - 2 * alpha ** 2);
    const first = (alpha * (1 - alpha * beta - beta ** 2)) / (1 - 2 * alpha * beta - beta ** 2);
    expect(Math.sqrt(variance(values)) / 0.012).toBeCloseTo(1, 1.7);
    expect(kurtosis(values)).toBeCloseTo(wanted, 0);
    expect(Math.abs(kurtosis(values) - wanted)).toBeLessThan(0.25);
    expect(Math.abs(autocorrelation(values.map((value) => value ** 2)) - first)).toBeLessThan(0.03);
    expectNear(autocorrelation(values), 0, 2 / Math.sqrt(DAYS));
  });

  it('regimes: the stated shares, moments in each, and lengths of stay', () => {
    const { values, deviations } = draw('regimes?volatility=0.008&otherVolatility=0.03&drift=0.001&otherDrift=-0.002&leave=0.02&otherLeave=0.06');
    const isOther = deviations.map((deviation) => Number(deviation === 0.03));
    // The share is 0.02 / 0.08; its error counts how long a state lasts.
    expectNear(mean(isOther), 0.25, Math.sqrt((0.25 * 0.75 * (1 + 0.92)) / (1 - 0.92) / DAYS));
    const other = values.filter((_, day) => isOther[day] === 1);
    const first = values.filter((_, day) => isOther[day] === 0);
    expectNear(mean(other), -0.002, 0.03 / Math.sqrt(other.length));
    expectNear(Math.sqrt(variance(other)), 0.03, 0.03 / Math.sqrt(2 * other.length));
    expectNear(mean(first), 0.001, 0.008 / Math.sqrt(first.length));
    let entries = 0;
    for (let day = 1; day < DAYS; day++) if (isOther[day] === 1 && isOther[day - 1] === 0) entries++;
    expect(other.length / entries / (1 / 0.06)).toBeCloseTo(1, 1);
  });

  it('regimes: begins in either with its share', () => {
    const settings = parseMarket('regimes?days=1&leave=0.02&otherLeave=0.06');
    let others = 0;
    for (let seed = 0; seed < 4000; seed++) if (drawReturns(settings, createRandom(seed)).deviations[0] === 0.025) others++;
    expectNear(others / 4000, 0.25, Math.sqrt((0.25 * 0.75) / 4000));
  });

  it.each([0.5, 0.55, 0.6, 0.9])('signal: a perfect forecast is right in %f of days, and each day by itself is normal', (strength) => {
    const { values } = draw(`signal?strength=${strength}&volatility=0.01`);
    let right = 0;
    for (let day = 1; day < DAYS; day++) if (Math.sign(values[day]!) === Math.sign(values[day - 1]!)) right++;
    expectNear(right / (DAYS - 1), strength, Math.sqrt((strength * (1 - strength)) / DAYS));
    expectNear(autocorrelation(values), ((2 * strength - 1) * 2) / Math.PI, 2 / Math.sqrt(DAYS));
    expectNear(Math.sqrt(variance(values)), 0.01, 0.01 / Math.sqrt(DAYS));
    expectNear(kurtosis(values), 3, Math.sqrt(24 / DAYS));
    // Half of the days go up, so nothing is won without the signal; the error counts that signs last.
    expectNear(mean(values.map((value) => Number(value > 0))), 0.5, Math.sqrt((0.25 * strength) / (1 - strength) / DAYS));
  });

  it('has bars whose closes follow the returns, and whose other prices fit around them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(MARKETS)), fc.integer(), fc.constantFrom(0, 0.001, 0.02, 0.5), (kind, seed, volatility) => {
        const settings = parseMarket(`${kind}?days=120&seed=${seed}&volatility=${volatility}`);
        const bars = makeMarket(settings);
        checkBars(bars);
        const { values } = drawReturns(settings, createRandom(seed));
        const wrong = bars.date.filter((_, day) => {
          const [open, high, low, close] = [bars.open[day]!, bars.high[day]!, bars.low[day]!, bars.close[day]!];
          const follows = Math.abs(Math.log(close / (bars.close[day - 1] ?? 100)) - values[day]!) < 1e-9;
          return !(follows && low <= Math.min(open, close) && high >= Math.max(open, close));
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('has ranges as of a Brownian day, and a quarter of the variance overnight', () => {
    const { open, high, close }: Bars = makeMarket(parseMarket(`random-walk?days=${DAYS / 4}&volatility=0.01`));
    const count = open.length - 1;
    let [gaps, above] = [0, 0];
    for (let day = 1; day <= count; day++) {
      gaps += Math.log(open[day]! / close[day - 1]!) ** 2;
      above += Math.log(high[day]! / open[day]!);
    }
    expect(gaps / count / 0.01 ** 2).toBeCloseTo(0.25, 1.7);
    // Expected highest point of a Brownian path of a day: deviation · √(2/π).
    expect(above / count / (Math.sqrt(0.75) * 0.01 * Math.sqrt(2 / Math.PI))).toBeCloseTo(1, 1.7);
  });

  it('is the same for the same settings, another for another seed, and is on weekdays', () => {
    const make = (text: string): Bars => makeMarket(parseMarket(text));
    expect(make('garch?seed=3&days=50')).toEqual(make('garch?days=50&seed=3'));
    expect(make('garch?seed=3&days=50').close).not.toEqual(make('garch?seed=4&days=50').close);
    // A longer market begins as the shorter one: what is forecast cannot depend on what comes.
    expect(make('signal?seed=3&days=80').close.slice(0, 50)).toEqual(make('signal?seed=3&days=50').close);
    expect(make('random-walk?days=6&start=2021-06-04').date).toEqual(['2021-06-04', '2021-06-07', '2021-06-08', '2021-06-09', '2021-06-10', '2021-06-11']);
  });

  it('is described in one way', () => {
    expect(describeMarket(parseMarket('signal?seed=3'))).toBe('synthetic:signal?days=2500&price=100&seed=3&start=2000-01-03&strength=0.6&volatility=0.01');
  });

  it.each([
    ['brownian', 'there is no synthetic market "brownian"'],
    ['', 'there is no synthetic market ""'],
    ['constructor', 'there is no synthetic market "constructor"'],
    ['random-walk?day=5', '"day" is nothing that random-walk takes'],
    ['random-walk?strength=0.6', '"strength" is nothing that random-walk takes'],
    ['random-walk?days=0', '"days" is "0", which is not from 1 to 1000000'],
    ['random-walk?days=1.5&seed=x', '"days" is "1.5", which is not a whole number and "seed" is "x", which is not a number'],
    ['random-walk?days=', '"days" is "", which is not a number'],
    ['random-walk?days=5&days=6', '"days" is given twice.'],
    ['random-walk?start=2020-02-30', '"start" is "2020-02-30", which is not a day'],
    ['garch?alpha=0.2&beta=0.8', 'alpha and beta add up to 1: the variance would have no mean'],
  ])('is refused: %s', (text, message) => {
    expect(() => parseMarket(text)).toThrow(`PW501: The source is not a synthetic market: ${message}`);
  });
});
