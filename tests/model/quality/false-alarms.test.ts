import { describe, expect, it } from 'vitest';
import { sliceBars } from '../../../model/bars.ts';
import { applyRules, defaultRules, tableOf, type Given, type RulesDocument, type RuleSettings, type Table } from '../../../model/quality/index.ts';
import { wilsonInterval } from '../../../model/statistics/index.ts';
import { cleanMarket, type Kind } from './markets.ts';

const KINDS: readonly Kind[] = ['walk', 'student', 'garch'];
/** Of each kind. Every market is judged as a run would be: its last session, its data of the day before, its own past as reference. */
const MARKETS = 100;
const ROWS = 1250;
const RULES = defaultRules();
/** Rows for which the outlier rule has its window of returns. */
const JUDGED = ROWS - 251;

interface Alarms {
  readonly markets: number;
  /** Rows, or wholes, that a rule found, by rule. */
  readonly findings: Readonly<Record<string, number>>;
}

function alarmsOf(rules: RulesDocument, given: (table: Table, seed: number) => Given, market: (kind: Kind, seed: number) => Table, kinds: readonly Kind[], markets = MARKETS): Alarms {
  const findings: Record<string, number> = Object.fromEntries(rules.rules.map(({ id }) => [id, 0]));
  for (const kind of kinds) {
    for (let seed = 1; seed <= markets; seed++) {
      const table = market(kind, seed);
      for (const { rule, findings: found } of applyRules(table, rules, given(table, seed)).outcomes) findings[rule.id]! += found.length > 0 && rule.check === 'drift' ? 1 : found.length;
    }
  }
  return { markets: markets * kinds.length, findings };
}

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

/** Prints the rate and returns its interval. */
function rate(words: string, alarms: number, trials: number): { readonly lower: number; readonly upper: number } {
  const interval = wilsonInterval(alarms, trials, 0.999);
  console.log(`${words}: ${alarms} of ${trials}, ${percent(alarms / trials)} (99.9 % interval ${percent(interval.lower)} to ${percent(interval.upper)})`);
  return interval;
}

/** The drift rule at 5 %, with as few permutations as that level can do with. */
function driftRules(changes: object = {}): RulesDocument {
  return { ...RULES, rules: RULES.rules.filter(({ check }) => check === 'drift').map((rule) => ({ ...rule, level: 0.05, permutations: 199, ...changes }) as RuleSettings) };
}

const clean = (kind: Kind, seed: number): Table => tableOf(cleanMarket(kind, ROWS, seed));
const asReference = (table: Table): Given => ({ reference: table });

describe('false alarms on clean markets', () => {
  it('are unknown to the rules that are about errors, and rare for those about outliers', () => {
    const rules = { ...RULES, rules: RULES.rules.filter(({ check }) => check !== 'drift') };
    const given = (table: Table): Given => {
      const { columns } = table;
      const days = (columns['date'] as { readonly values: readonly string[] }).values;
      const numbers = Object.fromEntries(['open', 'high', 'low', 'close', 'volume'].map((name) => [name, (columns[name] as { readonly values: Float64Array }).values]));
      return { asOf: `${days.at(-1)}T23:00:00Z`, previous: tableOf(sliceBars({ date: days, ...numbers } as never, 0, ROWS - 1)) };
    };
    const { markets, findings } = alarmsOf(rules, given, clean, KINDS);
    const { outlier, 'label-balance': labels, ...others } = findings;
    for (const [id, count] of Object.entries(others)) {
      // None in 300 markets: the rate per market is below 3.5 % by the interval, and by construction 0.
      expect([id, count]).toEqual([id, 0]);
    }
    expect(rate('any rule about errors, per market', 0, markets).upper).toBeLessThan(0.035);
    expect(rate('outlier, per row', outlier!, markets * JUDGED).upper).toBeLessThan(1e-4);
    expect(rate('label-balance, per market', labels!, markets).upper).toBeLessThan(0.04);
  }, 240_000);

  it('of drift keep to their level when days are independent, and to none with the demanded effect', () => {
    const alone = alarmsOf(driftRules({ minimumEffect: -1 }), asReference, clean, ['walk', 'student']);
    const both = alarmsOf(driftRules(), asReference, clean, ['walk', 'student']);
    const { lower } = rate('drift by probability alone, independent days, level 5 %', alone.findings['drift']!, alone.markets);
    expect(lower).toBeLessThanOrEqual(0.05);
    expect(rate('drift by probability and effect, independent days', both.findings['drift']!, both.markets).upper).toBeLessThan(0.06);
    expect(alone.findings['drift']).toBeGreaterThanOrEqual(both.findings['drift']!);
  }, 240_000);

  it('of drift stay below one in four when volatility clusters, where a plain test fires in most', () => {
    const both = alarmsOf(driftRules(), asReference, clean, ['garch']);
    const plain = alarmsOf(driftRules({ blockLength: 1, minimumEffect: -1 }), asReference, clean, ['garch'], 40);
    const clustered = rate('drift by probability and effect, GARCH, blocks of 60', both.findings['drift']!, both.markets);
    const naive = rate('drift by probability alone, GARCH, single days', plain.findings['drift']!, plain.markets);
    expect(clustered.upper).toBeLessThan(0.4);
    expect(naive.lower).toBeGreaterThan(clustered.lower);
  }, 240_000);

  it('are not bought with blindness: volatility half as large again in the last year is seen', () => {
    const seen = alarmsOf(driftRules(), asReference, (kind, seed) => tableOf(cleanMarket(kind, ROWS, seed, 250, 1.5)), ['walk', 'student'], 20);
    expect(rate('drift seen when volatility is 1.5 times as large', seen.findings['drift']!, seen.markets).lower).toBeGreaterThan(0.7);
  }, 240_000);
});
