import { barAt } from '../../model/bars.ts';
import { createFeatureStream, createOnlineFeatures, type FeatureSet, type OnlineFeatures } from '../../model/features/index.ts';
import { instantText } from './build-table.ts';
import { chooseRows, type DecisionOptions } from './choose-rows.ts';
import type { Prices } from './read-prices.ts';

/** The key of bars that do not say what they are of. */
const UNNAMED = 'default';

/**
 * The online snapshot: the features of the newest bar by its symbol, as soon as it is available. Where the set takes bars
 * of one series, the row comes out of the stream that can go on with the next bar. No row when it is not complete, or when
 * the joined series is stale.
 */
export function takeLatest(prices: Prices, extra: Prices | undefined, set: FeatureSet, options: DecisionOptions): OnlineFeatures {
  const { bars, symbol, times } = prices;
  const last = bars.date.length - 1;
  const seen = { date: bars.date[last]!, ...(times ? { eventTime: instantText(times.eventTime[last]!), availableAt: instantText(times.knownFrom[last]!) } : {}) };
  const key = symbol === '' ? UNNAMED : symbol;
  if (set.joined !== undefined) {
    // Decided as soon as the newest bar is there, however late the other decisions are.
    const wait = times ? (times.knownFrom[last]! - times.eventTime[last]!) / 60_000 : 0;
    const { own, matrix } = chooseRows(prices, extra, set, { ...options, decisionMinutes: Math.max(options.decisionMinutes, wait) });
    const values = [...matrix.values.slice((matrix.rows - 1) * matrix.names.length)];
    return createOnlineFeatures(set, own.at(-1) === last ? { [key]: { ...seen, values } } : {});
  }
  const stream = createFeatureStream(set);
  let values: Float64Array | undefined;
  for (let row = 0; row <= last; row++) values = stream.update(barAt(bars, row));
  return createOnlineFeatures(set, values?.every(Number.isFinite) ? { [key]: { ...seen, values: [...values], stream: stream.state() } } : {});
}
