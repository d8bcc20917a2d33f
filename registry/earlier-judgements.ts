import { text } from 'node:stream/consumers';
import { PipewrightError } from '../dsl/errors/index.ts';
import type { Digest } from '../dsl/util/index.ts';
import type { Store } from '../store/index.ts';
import { isUnfinished } from './fold.ts';
import { openRegistry } from './registry.ts';

/** What was judged before, on days up to `until`. */
export interface EarlierJudgements {
  /** Last judged day, `YYYY-MM-DD`. */
  readonly until: string;
  readonly judgements: number;
  /** Models that those judgements chose from. */
  readonly models: number;
}

/** Evidence that is gone may have been about any days: a judgement must not stop counting because somebody cleaned up. */
const ANY_DAY = '9999-12-31';

/**
 * All judgements of models of this name: those whose evidence the ledger holds, and the verdicts given by their digests,
 * which are those of tracked runs. A verdict that is both counts once. By last judged day, the earliest first.
 */
export async function findEarlierJudgements(store: Store, name: string, verdicts: readonly Digest[] = []): Promise<readonly EarlierJudgements[]> {
  const registry = openRegistry(store);
  const ledger = (await registry.listModels()).includes(name) ? await registry.ledger(name) : [];
  // A rollout that was killed is finished by the same verdict: its own entry is no judgement before it.
  const ofLedger = ledger.flatMap((entry) => (entry.evidence === null || isUnfinished(ledger, entry) ? [] : [entry.evidence]));
  const judged = new Map<string, EarlierJudgements>();
  for (const digest of new Set([...ofLedger, ...verdicts])) {
    const { until, models } = await readJudgement(store, digest);
    const before = judged.get(until);
    judged.set(until, { until, judgements: 1 + (before?.judgements ?? 0), models: models + (before?.models ?? 0) });
  }
  return [...judged.values()].sort((a, b) => (a.until < b.until ? -1 : 1));
}

/** As one word for a parameter: `2019-11-29:1:5,2020-04-16:2:10`; empty for none. */
export function formatJudgements(earlier: readonly EarlierJudgements[]): string {
  return earlier.map(({ until, judgements, models }) => `${until}:${judgements}:${models}`).join(',');
}

/** The reverse of {@link formatJudgements}, for a text of its pattern. */
export function parseJudgements(written: string): readonly EarlierJudgements[] {
  return written.split(',').filter((one) => one !== '').map((one) => {
    const [until, judgements, models] = one.split(':');
    return { until: until!, judgements: Number(judgements), models: Number(models) };
  });
}

async function readJudgement(store: Store, digest: Digest): Promise<{ readonly until: string; readonly models: number }> {
  const unknown = { until: ANY_DAY, models: 1 };
  try {
    const { judged, candidates } = JSON.parse(await text(await store.getObject(digest))) as Readonly<Record<string, unknown>>;
    const until = (judged as { readonly to?: unknown } | undefined)?.to;
    if (typeof until !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(until)) return unknown;
    return { until, models: Array.isArray(candidates) ? Math.max(1, candidates.length) : 1 };
  } catch (error) {
    if (error instanceof PipewrightError || error instanceof SyntaxError) return unknown;
    throw error;
  }
}
