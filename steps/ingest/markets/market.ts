import type { Bars } from '../../../model/bars.ts';
import type { Limits } from '../http/limits.ts';
import type { Listing } from '../listing.ts';

/** What a market's service is asked for. */
export interface MarketRequest {
  readonly symbol: string;
  /** First and last day that is wanted, `YYYY-MM-DD`; empty for all there is. */
  readonly from: string;
  readonly until: string;
  /** Whether dividends and splits are worked into the prices. */
  readonly adjusted: boolean;
  /** Address of the service without a slash at its end; undefined for its own. */
  readonly baseUrl?: string | undefined;
  readonly limits: Limits;
}

export interface MarketAnswer {
  /** Complete bars alone, oldest first; a number that the service does not know is NaN. */
  readonly bars: Bars;
  readonly listing: Listing;
  /** The service and the symbol, for the manifest: no key, no time. */
  readonly origin: string;
  /** Days of bars that were left out because their session was not over. */
  readonly unfinished: readonly string[];
}
