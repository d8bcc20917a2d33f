import type { Digest } from '../../dsl/util/index.ts';
import type { Collected } from './collect.ts';
import type { Change } from './merge.ts';
import type { Sessions } from './sessions.ts';
import type { Update } from './update.ts';

/** More days than these are counted, not named. */
const NAMED_DAYS = 50;

/**
 * Where a dataset came from. The same data give the same text: it holds no time of the clock. When it was fetched is in the record of the
 * run. What a source does not tell is left out.
 */
export interface Manifest {
  readonly format: 'pipewright/manifest/1';
  readonly source: string;
  /** Of the source: of a file's bytes as they came; of the bars as CSV where the answer tells the time of day. */
  readonly digest: Digest;
  readonly bytes: number;
  /** Of the dataset, first and last day in its own order. */
  readonly rows: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly columns: readonly string[];
  /** Digest of the dataset's file: its version. */
  readonly dataset: Digest;
  /** Digest of the dataset that this one continues. */
  readonly parent?: Digest;
  readonly symbol?: string;
  readonly currency?: string;
  readonly exchange?: string;
  readonly timeZone: string;
  readonly sessionClose: string;
  readonly publicationDelayMinutes: number;
  /** Whether dividends and splits are worked into the prices, as far as the source knows them. */
  readonly adjusted: boolean;
  /** Days that were left out because their session was not over. */
  readonly unfinished?: readonly string[];
  /** What became of the earlier dataset. */
  readonly update?: {
    readonly added: number;
    readonly comparedFrom: string;
    readonly restated: {
      readonly policy: 'refuse' | 'take' | 'keep';
      readonly rows: number;
      /** The first days that differ, oldest first. */
      readonly days: readonly string[];
      readonly largestChange?: Change;
      readonly factor?: number;
    };
  };
}

export interface ManifestFacts {
  readonly collected: Collected;
  readonly dataset: Digest;
  readonly columns: readonly string[];
  readonly sessions: Sessions;
  readonly adjusted: boolean;
  readonly policy: 'refuse' | 'take' | 'keep';
  readonly parent?: Digest | undefined;
  readonly update?: Update | undefined;
}

export function makeManifest({ collected, dataset, columns, sessions, adjusted, policy, parent, update }: ManifestFacts): Manifest {
  const { bars, listing, origin, digest, bytes, unfinished } = collected;
  return {
    format: 'pipewright/manifest/1',
    source: origin,
    digest,
    bytes,
    rows: bars.date.length,
    firstDay: bars.date[0]!,
    lastDay: bars.date.at(-1)!,
    columns,
    dataset,
    ...told({ parent, symbol: listing.symbol, currency: listing.currency, exchange: listing.exchange }),
    timeZone: sessions.timeZone,
    sessionClose: sessions.close,
    publicationDelayMinutes: sessions.publicationDelayMinutes,
    adjusted,
    ...(unfinished.length === 0 ? {} : { unfinished }),
    ...(update === undefined ? {} : { update: summarise(update, policy) }),
  };
}

function summarise({ added, comparedFrom, restatement }: Update, policy: ManifestFacts['policy']): NonNullable<Manifest['update']> {
  const { rows, changed, removed, inserted, largestChange, factor } = restatement;
  const days = [...changed, ...removed, ...inserted].sort().slice(0, NAMED_DAYS);
  return { added, comparedFrom, restated: { policy, rows, days, ...told({ largestChange, factor }) } };
}

/** Without what is undefined. */
function told<T extends object>(facts: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
}
