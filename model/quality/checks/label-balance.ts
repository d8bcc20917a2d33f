import { wilsonInterval } from '../../statistics/index.ts';
import { SHARE, percent, type Check } from '../check.ts';
import { demandNumbers } from '../table.ts';

const PARTS = ['training', 'validation', 'test'] as const;

export interface LabelBalanceSettings {
  /** How many rows ahead the label looks. */
  readonly horizonDays: number;
  /** Shares of the rows that come first and next; the rest is the last part. */
  readonly trainingShare: number;
  readonly validationShare: number;
  readonly minimumShare: number;
  readonly maximumShare: number;
  /** Of the interval of every share, all three together (Bonferroni). */
  readonly confidence: number;
}

/**
 * Neither direction is rare in any part of the split: the share of rising labels lies within the limits, or its
 * interval (Wilson) at least reaches them, so that few rows raise no alarm by chance.
 */
export const labelBalance: Check<LabelBalanceSettings> = {
  severities: ['warn', 'stop'],
  settings: {
    horizonDays: { type: 'integer', minimum: 1, default: 1 },
    trainingShare: { ...SHARE, default: 0.65 },
    validationShare: { ...SHARE, default: 0.15 },
    minimumShare: { ...SHARE, default: 0.4 },
    maximumShare: { ...SHARE, default: 0.6 },
    confidence: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.99 },
  },
  demand: ({ minimumShare, maximumShare, horizonDays }) =>
    `In training, validation and test rows ${percent(minimumShare)} to ${percent(maximumShare)} of the closes rise over ${horizonDays === 1 ? 'a day' : `${horizonDays} days`}.`,
  find: (table, { horizonDays, trainingShare, validationShare, minimumShare, maximumShare, confidence }) => {
    const close = demandNumbers(table, 'close');
    const cuts = [0, Math.floor(close.length * trainingShare), Math.floor(close.length * Math.min(1, trainingShare + validationShare)), close.length];
    const measures = PARTS.flatMap((part, at) => {
      const [from, to] = [cuts[at]!, Math.min(cuts[at + 1]!, close.length - horizonDays)];
      // Labels that look ahead overlap: only every h-th of them is an observation of its own.
      let [rising, count] = [0, 0];
      for (let row = from; row < to; row += horizonDays, count++) rising += Number(close[row + horizonDays]! > close[row]!);
      if (count === 0) return [];
      const { lower, upper } = wilsonInterval(rising, count, 1 - (1 - confidence) / PARTS.length);
      return [{ part, labels: count, rising, share: rising / count, lower, upper }];
    });
    const broken = measures.filter(({ lower, upper }) => upper < minimumShare || lower > maximumShare);
    return { findings: broken.map(({ part, rising, labels, share }) => ({ row: null, reason: `has ${rising} rising labels of ${labels} (${percent(share)}) in its ${part} part` })), measures };
  },
};
