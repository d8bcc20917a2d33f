import type { NoTest } from './no-test.ts';
import { normalCdf } from './normal.ts';

export interface PesaranTimmermann {
  readonly kind: 'tested';
  readonly days: number;
  /** Share of days predicted right. */
  readonly right: number;
  /** Share that would be right by chance, given how often each direction happened and was predicted. */
  readonly rightByChance: number;
  /** Standard normal if what is predicted has nothing to do with what happens. */
  readonly statistic: number;
  /** One-sided: probability of so much skill, or more, by chance. */
  readonly skilled: number;
}

/**
 * Is there skill in the direction beyond the drift? M. H. Pesaran and A. Timmermann, JBES 10 (1992): a forecast that
 * says "up" more often in a rising market is right more often without knowing anything, and this is taken off. The days
 * must be independent: for labels that look h days ahead, pass every h-th day.
 *
 * `labels` and `predicted` hold 0 or 1, one per day. Undefined when only one direction happened or was predicted. Throws
 * RangeError for two lengths and other values.
 */
export function pesaranTimmermann(labels: ArrayLike<number>, predicted: ArrayLike<number>): PesaranTimmermann | NoTest {
  const days = labels.length;
  if (predicted.length !== days) throw new RangeError(`The Pesaran–Timmermann test needs one prediction per label; got ${predicted.length} and ${days}.`);
  let [hits, happened, said] = [0, 0, 0];
  for (let day = 0; day < days; day++) {
    const [label, prediction] = [labels[day]!, predicted[day]!];
    if ((label !== 0 && label !== 1) || (prediction !== 0 && prediction !== 1)) {
      throw new RangeError(`Directions are 0 or 1; day ${day} has the label ${label} and the prediction ${prediction}.`);
    }
    hits += label === prediction ? 1 : 0;
    happened += label;
    said += prediction;
  }
  if (days < 2) return { kind: 'undefined', reason: `${days === 1 ? '1 day is' : 'no days are'} too few` };
  if (happened === 0 || happened === days) return { kind: 'undefined', reason: 'only one direction happened' };
  if (said === 0 || said === days) return { kind: 'undefined', reason: 'only one direction was predicted' };
  const [right, up, upSaid] = [hits / days, happened / days, said / days];
  const rightByChance = up * upSaid + (1 - up) * (1 - upSaid);
  const [ofUp, ofUpSaid] = [(up * (1 - up)) / days, (upSaid * (1 - upSaid)) / days];
  const varianceOfRight = (rightByChance * (1 - rightByChance)) / days;
  const varianceOfChance = (2 * up - 1) ** 2 * ofUpSaid + (2 * upSaid - 1) ** 2 * ofUp + 4 * ofUp * ofUpSaid;
  const variance = varianceOfRight - varianceOfChance;
  if (!(variance > 0)) return { kind: 'undefined', reason: `${days} days are too few: the statistic has no variance` };
  const statistic = (right - rightByChance) / Math.sqrt(variance);
  return { kind: 'tested', days, right, rightByChance, statistic, skilled: normalCdf(-statistic) };
}
