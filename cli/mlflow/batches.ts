import { LIMITS } from './limits.ts';

export interface Metric { readonly key: string; readonly value: number; /** ms */ readonly timestamp: number; readonly step: number }
export interface Pair { readonly key: string; readonly value: string }

/** The body of one log-batch request, without the run. */
export interface Batch {
  readonly metrics: readonly (Omit<Metric, 'value'> & { readonly value: number | 'NaN' | 'Infinity' | '-Infinity' })[];
  readonly params: readonly Pair[];
  readonly tags: readonly Pair[];
}

interface Entry { readonly group: keyof Batch; readonly entity: Batch[keyof Batch][number] }

const MOST = { metrics: LIMITS.batchMetrics, params: LIMITS.batchParams, tags: LIMITS.batchTags } as const;
/** Room for the run's identifier and the names of the members. */
const ENVELOPE = 200;

/** Divides what a run has among requests that a server takes: parameters first, then metrics, tags last. */
export function batchesOf({ metrics, params, tags }: { readonly metrics: readonly Metric[]; readonly params: readonly Pair[]; readonly tags: readonly Pair[] }): readonly Batch[] {
  const entries: readonly Entry[] = [
    ...params.map((entity) => ({ group: 'params' as const, entity })),
    ...metrics.map((metric) => ({ group: 'metrics' as const, entity: { ...metric, value: numberOf(metric.value) } })),
    ...tags.map((entity) => ({ group: 'tags' as const, entity })),
  ];
  const batches: { metrics: unknown[]; params: unknown[]; tags: unknown[] }[] = [];
  let bytes = Infinity;
  for (const { group, entity } of entries) {
    const size = Buffer.byteLength(JSON.stringify(entity)) + 1;
    const last = batches.at(-1);
    const isFull = last === undefined || bytes + size > LIMITS.batchBytes || last[group].length >= MOST[group] || last.metrics.length + last.params.length + last.tags.length >= LIMITS.batchEntities;
    if (isFull) {
      batches.push({ metrics: [], params: [], tags: [] });
      bytes = ENVELOPE;
    }
    batches.at(-1)![group].push(entity);
    bytes += size;
  }
  return batches as unknown as readonly Batch[];
}

/** JSON has no words for these; the JSON form of protocol buffers, which MLflow reads, takes them as texts. */
function numberOf(value: number): number | 'NaN' | 'Infinity' | '-Infinity' {
  return Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
