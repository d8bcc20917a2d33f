import { RULES_FORMAT, type RulesDocument } from './document.ts';

/** What of the built-in rules can be set without writing a document. */
export interface DefaultLimits {
  /** Share of rows that may be set aside, 0 to 1. */
  readonly maximumQuarantinedShare: number;
  /** Sessions in a row that may be missing without a word. */
  readonly toleratedGap: number;
  /** Sessions in a row that may be missing at all. */
  readonly maximumGap: number;
  /** Change of the close from one bar to the next, as a share, above which it is called a jump. */
  readonly maximumReturn: number;
}

export const DEFAULT_LIMITS: DefaultLimits = { maximumQuarantinedShare: 0.01, toleratedGap: 0, maximumGap: 20, maximumReturn: 0.25 };

/**
 * The built-in rules for daily bars of a stock or index. First the shape of the data and its days, because everything
 * else compares neighbours; then the numbers of a row; then rows with each other and with other data.
 */
export function defaultRules(limits: DefaultLimits = DEFAULT_LIMITS): RulesDocument {
  const { maximumQuarantinedShare, toleratedGap, maximumGap, maximumReturn } = limits;
  const bars = ['open', 'high', 'low', 'close', 'volume'] as const;
  return {
    format: RULES_FORMAT,
    calendar: 'XNYS',
    maximumQuarantinedShare,
    rules: [
      { id: 'columns', check: 'columns', severity: 'stop', columns: { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' }, others: 'allow' },
      { id: 'not-empty', check: 'rows', severity: 'stop', minimum: 1 },
      { id: 'valid-day', check: 'day', severity: 'quarantine' },
      { id: 'order', check: 'order', severity: 'stop' },
      { id: 'unique-day', check: 'unique', severity: 'quarantine', key: ['date'] },
      { id: 'weekday', check: 'weekday', severity: 'quarantine' },
      { id: 'holiday', check: 'holiday', severity: 'warn' },
      { id: 'future', check: 'not-after', severity: 'stop' },
      { id: 'gap', check: 'gap', severity: 'warn', moreThan: toleratedGap, atMost: maximumGap },
      { id: 'hole', check: 'gap', severity: 'stop', moreThan: maximumGap, atMost: null },
      { id: 'freshness', check: 'freshness', severity: 'stop', tolerated: 0, delayMinutes: 60 },
      { id: 'row-count', check: 'row-count', severity: 'stop', minimumRatio: 0.95, maximumRatio: 2 },
      { id: 'null-share', check: 'null-share', severity: 'warn', columns: bars, maximumShare: 0.2, ignoreLast: 0 },
      { id: 'complete', check: 'complete', severity: 'quarantine', columns: bars },
      { id: 'range', check: 'range', severity: 'quarantine', columns: { open: { above: 0 }, high: { above: 0 }, low: { above: 0 }, close: { above: 0 }, volume: { minimum: 0 } } },
      { id: 'high-low', check: 'price-order', severity: 'quarantine', tolerance: 0 },
      { id: 'stale', check: 'stale', severity: 'quarantine' },
      { id: 'flat', check: 'flat', severity: 'warn', column: 'close', moreThan: 5 },
      { id: 'jump', check: 'jump', severity: 'warn', maximumReturn },
      { id: 'outlier', check: 'outlier', severity: 'warn', deviations: 20, window: 250 },
      { id: 'split', check: 'split', severity: 'warn', tolerance: 0.04 },
      { id: 'restated', check: 'restated', severity: 'warn', columns: bars, tolerance: 1e-9 },
      {
        id: 'drift', check: 'drift', severity: 'warn', features: ['return', 'range', 'gap', 'volume-change'], window: 250, minimumRows: 250,
        statistic: 'ks', bins: 10, level: 0.01, minimumEffect: 0.1, blockLength: 60, permutations: 999, seed: 1, windows: 3, persistence: 2, stride: 120,
      },
      {
        id: 'label-balance', check: 'label-balance', severity: 'warn', horizonDays: 1,
        trainingShare: 0.65, validationShare: 0.15, minimumShare: 0.4, maximumShare: 0.6, confidence: 0.99,
      },
    ],
  };
}
