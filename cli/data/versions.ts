import { text } from 'node:stream/consumers';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listRuns, readRun, readTask, type TaskRecord } from '../../dsl/local/index.ts';
import { mapBounded, type Store } from '../../store/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { shortDigest } from '../words/values.ts';
import { ignoreUnreadable } from '../load/ignore-unreadable.ts';

/** What ingest says of a dataset; docs/guides/data.md describes it. */
export interface Manifest {
  readonly source: string;
  readonly digest: Digest;
  readonly rows: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly dataset: Digest;
  readonly parent?: Digest;
  readonly symbol?: string;
  readonly timeZone?: string;
  readonly sessionClose?: string;
  readonly publicationDelayMinutes?: number;
}

/** One content that was read, however often. */
export interface DataVersion {
  readonly manifest: Manifest;
  /** The first that is known to have read it, and the task in it. */
  readonly run: string;
  readonly task: string;
  readonly pipeline: string;
  readonly readAt: string;
  /** Parameters of the step that read it. */
  readonly parameters: TaskRecord['parameters'];
  /** Runs in the folder that began with it. */
  readonly runs: number;
}

/** All versions that runs in a folder have read, the one that was read last first. What a store no longer describes is left out. */
export async function findVersions(folder: string, store: Store): Promise<readonly DataVersion[]> {
  const found = new Map<Digest, DataVersion>();
  const manifests = new Map<Digest, Manifest | undefined>();
  for (const id of await listRuns(folder)) {
    const run = await readRun(folder, id).catch(ignoreUnreadable);
    const names = (run?.tasks ?? []).filter(({ step, status }) => step === 'ingest' && status === 'Succeeded').map(({ task }) => task);
    for (const record of await mapBounded(names, 8, (name) => readTask(folder, id, name).catch(ignoreUnreadable))) {
      const digest = record?.outputs['manifest']?.digest;
      if (record === undefined || digest === undefined) continue;
      if (!manifests.has(digest)) manifests.set(digest, await readManifest(store, digest));
      const manifest = manifests.get(digest);
      if (manifest === undefined) continue;
      const runs = (found.get(manifest.dataset)?.runs ?? 0) + 1;
      // Runs come newest first, so the oldest has the last word.
      found.set(manifest.dataset, { manifest, run: id, task: record.task, pipeline: run!.pipeline, readAt: record.finishedAt, parameters: record.parameters, runs });
    }
  }
  return [...found.values()];
}

/** The version that a word names. PW903 when there is none, or more than one. */
export function chooseVersion(versions: readonly DataVersion[], wanted: string): DataVersion {
  if (versions.length === 0) throw absent('No run in this folder has read data yet.', 'Run a pipeline with the step ingest first, or name another folder with --folder.');
  if (wanted === 'latest') return versions[0]!;
  if (wanted === 'previous') {
    const [latest] = versions;
    const parent = versions.find(({ manifest }) => manifest.dataset === latest!.manifest.parent) ?? versions.slice(1).find(({ manifest }) => manifest.symbol === latest!.manifest.symbol) ?? versions[1];
    if (parent !== undefined) return parent;
    throw absent('There is one version of the data, and none before it.', 'Read the data again when there is more of it.');
  }
  const plain = wanted.replace(/^(dataset:)?(sha256:)?/, '').toLowerCase();
  const fitting = /^[0-9a-f]{4,64}$/.test(plain) ? versions.filter(({ manifest }) => manifest.dataset.startsWith(`sha256:${plain}`)) : [];
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1) throw absent(`"${wanted}" may be any of ${fitting.length} versions.`, 'Give more digits.');
  throw absent(`There is no version "${wanted}" of the data.`, `Give latest, previous, or four or more digits of a digest; the newest is ${shortDigest(versions[0]!.manifest.dataset)}.`);
}

async function readManifest(store: Store, digest: Digest): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await text(await store.getObject(digest))) as Manifest & { readonly format?: unknown };
    return manifest.format === 'pipewright/manifest/1' ? manifest : undefined;
  } catch (error) {
    // Removed from the store, or the file of a step of the same name that is not ours.
    if (error instanceof SyntaxError || (error instanceof PipewrightError && error.code === 'PW402')) return undefined;
    throw error;
  }
}

function absent(message: string, fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW903', message, fix });
}
