import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceIn } from '../../../cli/cluster-run/cluster-store.ts';
import { pullOutputs } from '../../../cli/cluster-run/pull.ts';
import { readStepRecord } from '../../../cli/cluster-run/step-record.ts';
import { artifact, defineStep, fingerprintOf, type FingerprintParts } from '../../../dsl/contract/index.ts';
import { pipeline } from '../../../dsl/index.ts';
import { digestOf } from '../../../dsl/util/index.ts';
import { Cache, openDirectoryStore, putArtifact, verifyArtifact, type ArtifactReference, type Store } from '../../../store/index.ts';

const make = defineStep({ name: 'make', image: 'make', outputs: { folder: artifact.directory(), figures: artifact.metrics() } });
const PIPELINE = pipeline('pulled', {}, ({ task }) => {
  task(make, {});
});
const PARTS: FingerprintParts = { version: 1, step: 'make', code: digestOf('code'), parameters: {}, inputs: {}, outputs: {}, environment: {} };

let folder: string;
let [far, near]: readonly [Store, Store] = [undefined!, undefined!];
let outputs: Readonly<Record<string, ArtifactReference>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipewright-pull-'));
  [far, near] = [await openDirectoryStore(join(folder, 'far')), await openDirectoryStore(join(folder, 'near'))];
  await mkdir(join(folder, 'made/in'), { recursive: true });
  await writeFile(join(folder, 'made/in/deep'), 'deep');
  await writeFile(join(folder, 'made/flat'), 'flat');
  await writeFile(join(folder, 'figures'), '{}');
  outputs = { folder: await putArtifact(far, join(folder, 'made')), figures: await putArtifact(far, join(folder, 'figures')) };
  await new Cache(far).keep(PARTS, { outputs, results: {}, run: 'pulled-x', task: 'make', finishedAt: '2026-01-31T12:00:00Z', seconds: 1 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const tasks = () => [{ step: 'make', outputs, fingerprint: fingerprintOf(PARTS), status: 'Succeeded' as const }];
const has = async (name: string) => (await near.statObject(outputs[name]!.digest)) !== undefined;

describe('outputs of a run on a cluster', () => {
  it('are fetched although one of them is not there, without the record that would speak of it', async () => {
    const gone = { ...outputs, folder: { ...outputs['folder']!, digest: digestOf('never kept') } };
    expect(await pullOutputs(far, near, PIPELINE, [{ ...tasks()[0]!, outputs: gone }], 'all')).toMatchObject({ artifacts: 1, lost: ['make.folder'] });
    expect(await has('figures')).toBe(true);
    expect(await near.listRecords('cache/')).toEqual([]);
  });

  it('are fetched as far as a report shows them', async () => {
    expect(await pullOutputs(far, near, PIPELINE, tasks(), 'report')).toMatchObject({ artifacts: 1, bytes: 2 });
    expect([await has('figures'), await has('folder')]).toEqual([true, false]);
  });

  it('are fetched whole, and a second time cost nothing', async () => {
    expect((await pullOutputs(far, near, PIPELINE, tasks(), 'all')).artifacts).toBe(2);
    expect([...(await verifyArtifact(near, outputs['folder']!)), ...(await verifyArtifact(near, outputs['figures']!))]).toEqual([]);
    expect(await pullOutputs(far, near, PIPELINE, tasks(), 'all')).toEqual({ artifacts: 2, bytes: 0, lost: [] });
  });

  it('come with the record by which a run here finds them', async () => {
    const key = (await far.listRecords('cache/'))[0];
    expect(key).toBeDefined();
    await pullOutputs(far, near, PIPELINE, tasks(), 'report');
    expect(await near.listRecords('cache/')).toEqual([]);
    await pullOutputs(far, near, PIPELINE, tasks(), 'all');
    expect(await near.readRecord(key!)).toBe(await far.readRecord(key!));
  });

  it('stay where they are if nobody wants them', async () => {
    expect(await pullOutputs(far, near, PIPELINE, tasks(), 'none')).toEqual({ artifacts: 0, bytes: 0, lost: [] });
    expect(await has('figures')).toBe(false);
  });
});

describe('the server of a store', () => {
  it.each([
    ['http://minio.minio.svc:9000', { service: 'minio', namespace: 'minio', port: 9000, scheme: 'http:' }],
    ['https://s3.store.svc.cluster.local', { service: 's3', namespace: 'store', port: 443, scheme: 'https:' }],
    ['http://minio.argo:9000', { service: 'minio', namespace: 'argo', port: 9000, scheme: 'http:' }],
    ['https://s3.amazonaws.com', undefined],
    ['https://example.org', undefined],
    ['http://10.0.0.7:9000', undefined],
    ['', undefined],
  ])('%s', (endpoint, expected) => {
    expect(serviceIn(endpoint)).toEqual(expected);
  });
});

describe('what a step tells of itself', () => {
  const sound = { format: 'pipewright/step-record/1', cache: { status: 'miss' }, fingerprint: fingerprintOf(PARTS), parts: PARTS, outputs: {}, results: {}, seconds: 1 };
  it('is read', () => {
    expect(readStepRecord(JSON.stringify(sound))).toEqual(sound);
  });
  it.each([['', 'not JSON', '{}', 'null'], ...[{ format: 'x' }, { cache: { status: 'hit' } }, { fingerprint: 'x' }, { outputs: { a: 1 } }].map((more) => [JSON.stringify({ ...sound, ...more })])].flat())('is nothing when it is not sound: %s', (text) => {
    expect(readStepRecord(text)).toBeUndefined();
  });
});
