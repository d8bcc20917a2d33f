import { describe, expect, it } from 'vitest';
import { sliceBars } from '../../model/bars.ts';
import { applyRules, defaultRules, tableOf, type Given, type RulesDocument, type RuleSettings } from '../../model/quality/index.ts';
import { wilsonInterval } from '../../model/statistics/index.ts';
import { cleanMarket, type Kind } from '../model/quality/markets.ts';

const KINDS: readonly Kind[] = ['walk', 'student', 'garch'];
/** Of each kind. Every market is judged as a run would be: its last session, its data of the day before, its own past as reference. */
const MARKETS = 100;
const ROWS = 1250;
const RULES = defaultRules();
/** Rows for which the outlier rule has its window of returns. */
const JUDGED = ROWS - 251;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** Prints the rate and returns its interval. */
function rate(words: string, alarms: number, trials: number): { readonly lower: number; readonly upper: number } {
  const interval = wilsonInterval(alarms, trials, 0.999);
  console.log(`${words}: ${alarms} of ${trials}, ${percent(alarms / trials)} (99.9 % interval ${percent(interval.lower)} to ${percent(interval.upper)})`);
  return interval;
}

/** Findings of every rule but drift, over all markets. */
function findingsOf(): Record<string, number> {
  const rules: RulesDocument = { ...RULES, rules: RULES.rules.filter(({ check }) => check !== 'drift') };
  const findings: Record<string, number> = Object.fromEntries(rules.rules.map(({ id }) => [id, 0]));
  for (const kind of KINDS) {
    for (let seed = 1; seed <= MARKETS; seed++) {
      const bars = cleanMarket(kind, ROWS, seed);
      const given: Given = { asOf: `${bars.date.at(-1)}T23:00:00Z`, previous: tableOf(sliceBars(bars, 0, ROWS - 1)) };
      for (const { rule, findings: found } of applyRules(tableOf(bars), rules, given).outcomes) findings[rule.id]! += found.length;
    }
  }
  return findings;
}

const LEVEL = 0.05;

interface DriftAlarms {
  readonly markets: number;
  /** With a corrected probability below the level. */
  readonly byProbability: number;
  /** With the demanded effect as well, in the last window. */
  readonly once: number;
  /** And in two of three windows, half a window apart: what the rule reports. */
  readonly reported: number;
}

/** The drift rule at 5 %, with as few permutations as that level can do with, on markets whose last year is `factor` times as volatile. */
function driftAlarms(kinds: readonly Kind[], markets: number, { factor = 1, blockLength = 60 } = {}): DriftAlarms {
  const rules = RULES.rules.filter(({ check }) => check === 'drift').map((rule) => ({ ...rule, level: LEVEL, permutations: 199, blockLength }) as RuleSettings);
  let [byProbability, once, reported] = [0, 0, 0];
  for (const kind of kinds) {
    for (let seed = 1; seed <= markets; seed++) {
      const table = tableOf(cleanMarket(kind, ROWS, seed, 250, factor));
      const { findings, measures } = applyRules(table, { ...RULES, rules }, { reference: table }).outcomes[0]!;
      if (measures.some((one) => Number(one['correctedProbability']) <= LEVEL)) byProbability++;
      if (measures.some((one) => Number(one['alarms']) > 0)) once++;
      if (findings.length > 0) reported++;
    }
  }
  return { markets: markets * kinds.length, byProbability, once, reported };
}

const PATIENCE = 240_000;

describe('false alarms on clean markets', () => {
  it('do not come from rules about errors, and rarely from those about the improbable', () => {
    const { outlier, jump, 'label-balance': labels, ...others } = findingsOf();
    expect(Object.entries(others).filter(([, count]) => count > 0)).toEqual([]);
    const markets = MARKETS * KINDS.length;
    expect(rate('rules about errors, per market', 0, markets).upper).toBeLessThan(0.04);
    expect(rate('outlier, per row', outlier!, markets * JUDGED).upper).toBeLessThan(2e-4);
    expect(rate('jump, per row', jump!, markets * (ROWS - 1)).upper).toBeLessThan(2e-4);
    expect(rate('label-balance, per market', labels!, markets).upper).toBeLessThan(0.04);
  }, PATIENCE);

  it('of drift keep to their level when days are independent', () => {
    const { markets, byProbability, reported } = driftAlarms(['walk', 'student'], MARKETS);
    expect(rate('drift by probability, independent days, level 5 %', byProbability, markets).lower).toBeLessThanOrEqual(LEVEL);
    expect(rate('drift as reported, independent days, level 5 %', reported, markets).upper).toBeLessThan(0.06);
  }, PATIENCE);

  it('of drift stay rare when volatility clusters, where a test that takes days for independent fires in most', () => {
    const { markets, once, reported } = driftAlarms(['garch'], MARKETS);
    const naive = driftAlarms(['garch'], 20, { blockLength: 1 });
    const clustered = rate('drift in the last window, GARCH, blocks of 60', once, markets);
    expect(clustered.upper).toBeLessThan(0.35);
    expect(reported).toBeLessThanOrEqual(once);
    expect(rate('drift as reported, GARCH, 2 of 3 windows', reported, markets).upper).toBeLessThan(0.2);
    expect(rate('drift by probability, GARCH, single days', naive.byProbability, naive.markets).lower).toBeGreaterThan(clustered.upper / 2);
  }, PATIENCE);

  it('are not bought with blindness: a last year half as volatile again is seen', () => {
    const { markets, once, reported } = driftAlarms(['walk', 'student'], 20, { factor: 1.5 });
    expect(rate('drift in the last window when volatility is 1.5 times as large', once, markets).lower).toBeGreaterThan(0.7);
    // Half of the window before is still of the old kind.
    expect(rate('drift as reported when volatility is 1.5 times as large', reported, markets).lower).toBeGreaterThan(0.5);
  }, PATIENCE);
});
