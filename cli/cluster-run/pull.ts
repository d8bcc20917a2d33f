import { text } from 'node:stream/consumers';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import type { TaskRecord } from '../../dsl/local/run-record.ts';
import { cacheKey, mapBounded, parseManifest, type ArtifactReference, type Store } from '../../store/index.ts';

/** What is fetched of a run: all outputs with their cache records, only what a report shows, or nothing. */
export type Pull = 'all' | 'report' | 'none';

const AT_ONCE = 4;

export interface Pulled {
  readonly artifacts: number;
  /** Bytes that were not here before. */
  readonly bytes: number;
  /** `step.output` of each that the store does not have any more, or never got: the others are fetched all the same. */
  readonly lost: readonly string[];
}

/**
 * Copies outputs of a run from one store into another, verified on the way. With their cache records a run here takes
 * them as its own work: the fingerprints are the same. A record is written after all that it speaks of.
 */
export async function pullOutputs(from: Store, to: Store, pipeline: Pipeline, tasks: readonly Pick<TaskRecord, 'step' | 'outputs' | 'fingerprint' | 'status'>[], what: Pull): Promise<Pulled> {
  if (what === 'none') return { artifacts: 0, bytes: 0, lost: [] };
  let [artifacts, bytes] = [0, 0];
  const lost: string[] = [];
  for (const { step, outputs, fingerprint, status } of tasks) {
    const wanted = Object.entries(outputs).filter(([name]) => what === 'all' || isShown(pipeline, step, name));
    const before = lost.length;
    for (const [name, reference] of wanted) {
      try {
        bytes += await copyArtifact(from, to, reference);
        artifacts += 1;
      } catch (error) {
        if (!(error instanceof PipewrightError) || error.code !== 'PW402') throw error;
        lost.push(`${step}.${name}`);
      }
    }
    if (lost.length > before || what !== 'all' || status !== 'Succeeded' || fingerprint === undefined) continue;
    const record = await from.readRecord(cacheKey(fingerprint));
    if (record !== undefined) await to.writeRecord(cacheKey(fingerprint), record);
  }
  return { artifacts, bytes, lost };
}

function isShown(pipeline: Pipeline, step: string, output: string): boolean {
  const kind = pipeline.steps[step]?.outputs[output]?.artifact.kind;
  return kind === 'metrics' || kind === 'report';
}

async function copyArtifact(from: Store, to: Store, { type, digest }: ArtifactReference): Promise<number> {
  const own = await copyObject(from, to, digest);
  if (type === 'file') return own;
  const files = parseManifest(await text(await to.getObject(digest)), digest);
  const sizes = await mapBounded(files, AT_ONCE, (file) => copyObject(from, to, file.digest));
  return sizes.reduce((sum, size) => sum + size, own);
}

async function copyObject(from: Store, to: Store, digest: ArtifactReference['digest']): Promise<number> {
  if ((await to.statObject(digest)) !== undefined) return 0;
  return (await to.putObject(await from.getObject(digest))).size;
}
