/**
 * The canaries, in short: the whole path on a few random walks, a planted signal, and the sabotages. All 200 are walked by
 * `pipewright canary`, and by the tier in all.tier.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { CANDIDATES, driftingMarket, plantedSignal, randomWalk } from '../../cli/canary/markets.ts';
import { describeFindings, judgeFindings } from '../../cli/canary/findings.ts';
import { sabotage, walkShare, type WalkedOfFlock } from '../../cli/canary/run.ts';
import { walk, type Walked } from '../../cli/canary/walk.ts';

const walked = (change: Partial<Walked> = {}): Walked => ({ days: 300, right: 150, decision: 'inconclusive', lenient: 'promote', claimsBetter: false, reason: '', ...change });
const many = (count: number, promoted: number): Walked[] => Array.from({ length: count }, (_, at) => walked(at < promoted ? { decision: 'promote', claimsBetter: true } : {}));

const flock = (count: number, promoted: number, change: Partial<Walked> = {}) => ({ name: 'random walks', walked: many(count, promoted).map((one) => ({ ...one, ...change })) });
const good = [walked({ decision: 'promote', claimsBetter: true })];

describe('the canaries', () => {
  let walks: readonly WalkedOfFlock[];
  beforeAll(async () => {
    walks = await walkShare({ walks: 2, others: 1 }, { part: 0, of: 1 }, () => {});
  });

  it('find no skill in random walks: none of a few is promoted over its baselines, and the directions are a coin', () => {
    expect(walks.map(({ decision }) => decision)).not.toContain('promote');
    const flocks = [{ name: 'random walks', walked: walks.filter(({ flock: own }) => own === 0) }];
    expect(judgeFindings(flocks, good, []).rates.find(({ what }) => what.includes('forecast right'))!.demand!.holds).toBe(true);
    expect(walks.map(({ flock: own }) => own)).toEqual([0, 0, 1, 2, 3]);
    expect(walks.every(({ days }) => days >= 250)).toBe(true);
    expect(walks.find(({ flock: own }) => own === 2)!.days).toBeGreaterThanOrEqual(800);
  });

  it('promote a planted signal over its baselines', async () => {
    const found = await walk(plantedSignal(9_000), { candidates: CANDIDATES, seed: 0 });
    expect(found).toMatchObject({ decision: 'promote', claimsBetter: true });
    expect(found.right / found.days).toBeGreaterThan(0.58);
  });

  it('catch a leaking feature and a shuffled split, by name', async () => {
    const [feature, through, split] = await sabotage();
    expect(feature).toMatchObject({ caught: true, guard: 'look-ahead guard' });
    expect(feature!.detail).toMatch(/^PW508: The feature return_tomorrow of \d{4}-/);
    expect(through).toMatchObject({ caught: true, guard: 'gate' });
    expect(split).toMatchObject({ caught: true, guard: 'split guard' });
    expect(split!.detail).toContain('The split guard refuses the feature table: the train rows are no block of days');
  });

  it('are the same for the same seeds', async () => {
    expect(await walkShare({ walks: 2, others: 1 }, { part: 1, of: 5 }, () => {})).toEqual([walks[1]]);
    expect(randomWalk(7)).toEqual(randomWalk(7));
  });

  it('fly over a market that drifts after training: days rise, and so do most of its last prices', () => {
    const { date, open, high, low, close } = driftingMarket(3);
    expect(date.every((day, row) => row === 0 || day > date[row - 1]!)).toBe(true);
    expect(close.every((price, row) => low[row]! <= Math.min(price, open[row]!) && high[row]! >= Math.max(price, open[row]!))).toBe(true);
    const rises = (from: number, to: number): number => close.subarray(from, to).filter((price, row) => price > close[from + row - 1]!).length / (to - from);
    expect(rises(1, 1_260)).toBeLessThan(0.54);
    expect(rises(1_261, 1_900)).toBeGreaterThan(0.56);
  });
});

describe('a dead canary', () => {
  it('is one whose rate is above what is stated, by more than chance', () => {
    expect(judgeFindings([flock(200, 10)], good, []).good).toBe(true);
    expect(judgeFindings([flock(200, 25)], good, []).good).toBe(false);
    expect(judgeFindings([flock(200, 10), { ...flock(40, 7), name: 'drifting markets' }], good, []).good).toBe(true);
    expect(judgeFindings([flock(200, 10), { ...flock(40, 8), name: 'drifting markets' }], good, []).good).toBe(false);
    expect(describeFindings(judgeFindings([flock(200, 25)], good, []))[0]).toBe(
      '✗ random walks promoted over their baselines (policy superior): 25 of 200, 12.5 % (95 % interval 8.6 % to 17.8 %); demanded: at most 5.0 %',
    );
  });

  it('is one that forecasts a coin better or worse than a coin', () => {
    expect(judgeFindings([flock(200, 5, { right: 158 })], good, []).good).toBe(false);
    expect(judgeFindings([flock(200, 5, { right: 142 })], good, []).good).toBe(false);
  });

  it('is one that finds no planted signal, or lets a sabotage pass', () => {
    expect(judgeFindings([flock(200, 5)], [walked()], []).good).toBe(false);
    expect(judgeFindings([flock(200, 5)], good, [{ mistake: 'a shuffled split', guard: 'split guard', caught: false, detail: '' }]).good).toBe(false);
  });
});
