import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demandChecked } from '../../dsl/check/index.ts';
import { fingerprintOf, type StepContract } from '../../dsl/contract/index.ts';
import { createBundler, createProcessExecutor, readTasks, runPipeline, type Bundle, type TaskRecord } from '../../dsl/local/index.ts';
import { digestOf, type Digest, type Json } from '../../dsl/util/index.ts';
import pipeline from '../../pipeline/pipeline.ts';
import { codeOf } from '../../steps/runtime/own-code.ts';
import { describeArtifact, openDirectoryStore, type ArtifactReference, type DirectoryStore } from '../../store/index.ts';
import { double } from '../local/steps/double/contract.ts';
import { joinUp } from '../local/steps/join-up/contract.ts';
import { hollow } from '../local/steps/hollow/contract.ts';
import { patient } from '../local/steps/patient/contract.ts';
import { runInPod, type PodOutcome, type PodPlan } from './pod.ts';
import { createRig, type Rig } from './rig.ts';

const LONG = 240_000;
/** Few and quick: what is tested is the cache, not the models. */
const PARAMETERS = {
  champion: '',
  since: '0',
  earlier: '',
  candidates: [
    { architecture: 'logistic', learningRate: 0.01, l2: 0.01, maxEpochs: 6 },
    { architecture: 'neural-network', hiddenLayers: [4], learningRate: 0.003, l2: 0.01, dropout: 0.2, maxEpochs: 3 },
  ],
};

let rig: Rig;
/** Packed once: a source that changes meanwhile is another step. */
let bundleOf: (contract: StepContract) => Promise<Bundle>;
beforeAll(async () => {
  rig = await createRig();
  const bundler = createBundler({ folder: await rig.make() });
  const packed = new Map<string, Promise<Bundle>>();
  bundleOf = (contract) => {
    if (!packed.has(contract.name)) packed.set(contract.name, bundler.bundle(contract));
    return packed.get(contract.name)!;
  };
});
afterAll(() => rig.remove());

const checked = demandChecked(pipeline);

describe('the cache in a pod and on a laptop', () => {
  async function runHere(store: string): Promise<readonly TaskRecord[]> {
    const folder = await rig.make();
    const options = { folder, executor: createProcessExecutor({ bundle: bundleOf }), code: async (contract: StepContract) => (await bundleOf(contract)).digest, store: await openDirectoryStore(store) };
    const outcome = await runPipeline(checked, { ...options, parameters: PARAMETERS as Record<string, Json>, environment: { PIPEWRIGHT_STORE: store } });
    expect(outcome.status).toBe('Succeeded');
    return readTasks(folder, outcome.id);
  }

  /** Every task of a run again, each in a pod with what it was given then. */
  async function runInPods(tasks: readonly TaskRecord[], transport: DirectoryStore, store: string): Promise<Readonly<Record<string, PodOutcome>>> {
    const outcomes: Record<string, PodOutcome> = {};
    for (const { task, node, step, items, parameters, inputs } of tasks) {
      const contract = checked.steps[step]!;
      const item = items.map((index) => String(index).padStart(6, '0')).join('/');
      const plan: PodPlan = { contract, bundle: await bundleOf(contract), root: await rig.make(), parameters, inputs, transport, store, run: 'stock-direction-x7k2p', task: node, item };
      outcomes[task] = await runInPod(plan);
      expect([task, outcomes[task].code, outcomes[task].stderr]).toEqual([task, 0, expect.any(String)]);
    }
    return outcomes;
  }

  it('have the same entries: each takes what the other made, of every step of the shipped pipeline', async () => {
    const [mine, theirs] = [await rig.make(), await rig.make()];
    const here = await runHere(mine);
    const transport = await openDirectoryStore(mine);

    // What a laptop made, pods take.
    const taken = await runInPods(here, transport, mine);
    for (const { task, run, fingerprint, parts, outputs, results } of here) {
      expect([task, taken[task]!.record]).toMatchObject([task, { cache: { status: 'hit', run, task }, fingerprint, parts, outputs, results }]);
      expect(taken[task]!.stdout).toContain(`Taken from the cache: made by ${run}/${task} on `);
      expect(Object.keys(taken[task]!.outputs)).toEqual(Object.keys(outputs));
    }

    // What pods made, a laptop takes. The digests are the same as when the laptop made them.
    const made = await runInPods(here, transport, theirs);
    for (const { task, outputs } of here) {
      expect([task, made[task]!.record?.cache]).toEqual([task, { status: 'miss' }]);
      expect([task, digestsOf(made[task]!.record!.outputs)]).toEqual([task, digestsOf(outputs)]);
    }
    const again = await runHere(theirs);
    expect(again.map(({ task, cache }) => [task, cache])).toEqual(again.map(({ task }) => [task, expect.objectContaining({ status: 'hit', run: 'stock-direction-x7k2p', task })]));
    expect(again.map(({ task }) => task)).toEqual(['ingest', 'validate', 'featurize', 'train(0)', 'train(1)', 'evaluate', 'deploy']);
  }, LONG);
});

describe('a step in a pod', () => {
  const twice = { contract: double.contract, parameters: { n: 21, text: 'x' }, task: 'double' } as const;
  async function planOf(contract: StepContract, more: Partial<PodPlan> = {}): Promise<PodPlan> {
    const store = more.store ?? (await rig.make());
    return { contract, bundle: await bundleOf(contract), root: await rig.make(), store, ...more };
  }

  it('knows its own code from its own files, and an image whose tag lies is another step', async () => {
    const bundle = await bundleOf(checked.steps['train']!);
    expect(bundle.assets.length).toBeGreaterThan(0);
    expect(await codeOf(bundle.main)).toBe(bundle.digest);
    const folder = await rig.make();
    for (const name of ['main.mjs', ...bundle.assets]) await writeFile(join(folder, name), await readFile(join(bundle.folder, name)));
    await writeFile(join(folder, 'what else the image has.json'), '{}');
    expect(await codeOf(join(folder, 'main.mjs'))).toBe(bundle.digest);
    await writeFile(join(folder, bundle.assets[0]!), 'other bytes');
    expect(await codeOf(join(folder, 'main.mjs'))).not.toBe(bundle.digest);
  });

  it('works once: the second takes results and outputs from the first, in a loop too', async () => {
    const plan = await planOf(double.contract, { ...twice, item: '000003/000001' });
    const first = await runInPod(plan);
    expect(first).toMatchObject({ code: 0, texts: { twice: '42' }, record: { format: 'pipewright/step-record/1', cache: { status: 'miss' }, results: { twice: 42 } } });
    expect(first.stdout).toContain('doubling 21');
    const second = await runInPod({ ...plan, run: 'another', item: '000000' });
    expect(second).toMatchObject({ code: 0, texts: { twice: '42' }, record: { cache: { status: 'hit', run: 'in-pods', task: 'double(3)(1)' }, outputs: first.record!.outputs } });
    expect(second.stdout).toMatch(/^Taken from the cache: made by in-pods\/double\(3\)\(1\) on \d{4}-\d\d-\d\d\.\n$/);
    expect(await readFile(second.outputs['note']!, 'utf8')).toBe('21 1\n');
    expect(fingerprintOf({ ...first.record!.parts, environment: {} })).toBe(first.record!.fingerprint);
  });

  it('takes and keeps nothing where the author turned the cache off, but its outputs are in the store', async () => {
    const plan = await planOf(double.contract, { ...twice, environment: { PIPEWRIGHT_CACHE: 'off' } });
    for (const _ of [1, 2]) expect((await runInPod(plan)).record).toMatchObject({ cache: { status: 'miss' } });
    const store = await openDirectoryStore(plan.store);
    expect(await store.listRecords('cache/')).toEqual([]);
    const { digest, size } = (await runInPod(plan)).record!.outputs['note']!;
    expect(await store.statObject(digest)).toBe(size);
  });

  it('does as ever without a store, and without a pod', async () => {
    const plan = await planOf(double.contract, twice);
    for (const environment of [{ PIPEWRIGHT_STORE: '' }, { PIPEWRIGHT_TASK: '' }]) {
      expect(await runInPod({ ...plan, environment })).toMatchObject({ code: 0, texts: { twice: '42' }, record: undefined });
    }
    expect(await readdir(plan.store)).toEqual([]);
  });

  it('works again when an object is damaged or gone, and says so', async () => {
    const plan = await planOf(double.contract, twice);
    const { record } = await runInPod(plan);
    const path = (await openDirectoryStore(plan.store)).objectPath(record!.outputs['note']!.digest);
    await chmod(path, 0o644);
    await writeFile(path, '99 9\n');
    const damaged = await runInPod(plan);
    expect(damaged).toMatchObject({ code: 0, record: { cache: { status: 'miss' } } });
    expect(damaged.stderr).toMatch(/PW401: The object sha256:[0-9a-f]+ is damaged/);
    expect(damaged.stderr).toContain('So what the cache has cannot be used: the step works again.');
    expect(await readFile(damaged.outputs['note']!, 'utf8')).toBe('21 1\n');
    await rm(path);
    const gone = await runInPod(plan);
    expect(gone.record).toMatchObject({ cache: { status: 'miss' } });
    expect(gone.stderr).toBe('The cache has lost the output "note" of this step: it works again.\n');
    expect((await runInPod(plan)).record).toMatchObject({ cache: { status: 'hit' } });
  });

  it('works again when the list of a folder\'s files is damaged', async () => {
    const plan = await planOf(joinUp.contract, { parameters: { numbers: [1] }, inputs: { notes: [], extra: null } });
    const { record } = await runInPod(plan);
    const path = (await openDirectoryStore(plan.store)).objectPath(record!.outputs['book']!.digest);
    await chmod(path, 0o644);
    await writeFile(path, (await readFile(path, 'utf8')).replace('pages', 'peges'));
    const { code, stderr, record: again } = await runInPod(plan);
    expect([code, again!.cache.status]).toEqual([0, 'miss']);
    expect(stderr).toMatch(/PW401: The object sha256:[0-9a-f]+ is damaged[\s\S]*the step works again\./);
  });

  it('fails before it works when the store cannot be used, with the store\'s own words', async () => {
    const blocked = join(await rig.make(), 'a file');
    await writeFile(blocked, '');
    const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'hush-hush' };
    for (const [store, environment, words] of [
      [blocked, {}, /PW403: The store in .* cannot be used/],
      ['s3://bucket', {}, /PW403: The environment variable AWS_ACCESS_KEY_ID is not set/],
      ['s3://bucket', { ...keys, S3_ENDPOINT: 'not an address' }, /PW403: S3_ENDPOINT is "not an address"/],
    ] as const) {
      const { code, stdout, stderr, record, outputs } = await runInPod(await planOf(double.contract, { ...twice, store, environment }));
      expect([code, record, outputs, stdout]).toEqual([1, undefined, {}, '']);
      expect(stderr).toMatch(words);
      expect(stderr).not.toContain('hush-hush');
    }
  });

  it('lets nothing of a failed attempt be uploaded', async () => {
    const plan = await planOf(hollow.contract, { parameters: { fails: true }, inputs: { folder: null, folders: [] } });
    const { code, stderr, texts, record, outputs } = await runInPod(plan);
    expect([code, stderr, texts, record, outputs]).toEqual([1, expect.stringContaining('half done'), { seen: undefined }, undefined, {}]);
    const store = await openDirectoryStore(plan.store);
    expect(await store.listRecords('cache/')).toEqual([]);
  });

  it('that is ended leaves nothing half-written', async () => {
    const plan = await planOf(patient.contract, { parameters: { mode: 'wait' } });
    const ended = await runInPod(plan, ({ kill, saw }) => void saw('waiting').then(() => kill('SIGTERM')));
    expect(ended).toMatchObject({ code: 143, texts: { said: undefined }, record: undefined });
    expect(await (await openDirectoryStore(plan.store)).listRecords('cache/')).toEqual([]);
  });

  it('that is ended while it takes something from the cache, or waits for the store, leaves nothing half-written', async () => {
    const plan = await planOf(double.contract, twice);
    const { record } = await runInPod(plan);
    const store = await openDirectoryStore(plan.store);
    const large = await store.putObject(Buffer.alloc(256 * 1024 * 1024));
    const [key] = await store.listRecords('cache/');
    await store.writeRecord(key!, JSON.stringify({ ...JSON.parse((await store.readRecord(key!))!), outputs: { note: { type: 'file', ...large } } }));
    const ended = await runInPod(plan, ({ root, kill }) => {
      const look = setInterval(() => {
        if (!existsSync(join(root, 'outputs/.pipewright-attempt')) || readdirSync(join(root, 'outputs/.pipewright-attempt')).length === 0) return;
        clearInterval(look);
        kill('SIGTERM');
      }, 1);
    });
    expect([record!.cache.status, ended.code, ended.outputs, ended.texts, ended.record]).toEqual(['miss', 143, {}, { twice: undefined }, undefined]);

    const environment = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'c', S3_ENDPOINT: 'http://127.0.0.1:9' };
    const waiting = await runInPod({ ...plan, store: 's3://bucket', environment }, ({ kill, saw }) => void saw('The store does not answer; it is asked again for up to 20 s.').then(() => kill('SIGTERM')));
    expect([waiting.code, waiting.outputs, waiting.record]).toEqual([143, {}, undefined]);
  });

  it('brings a folder without a file through an object store, and neither step nor digest sees how', async () => {
    const store = await rig.make();
    const transport = await openDirectoryStore(await rig.make());
    const plan = await planOf(hollow.contract, { store, transport, parameters: { fails: false }, inputs: { folder: null, folders: [] } });
    const empty: ArtifactReference = { type: 'directory', digest: digestOf('{"files":[]}'), size: 0, files: 0 };
    for (const status of ['miss', 'hit']) {
      const { record, outputs, texts } = await runInPod(plan);
      expect([texts['seen'], record!.cache.status, record!.outputs['folder']]).toEqual(['[]', status, empty]);
      expect(await readdir(outputs['folder']!)).toContain('.pipewright-empty');
    }
    // With the mark, as Argo brings it, and without, as a laptop does: the same input, and the step sees nothing.
    const marked = await rig.make();
    await writeFile(join(marked, '.pipewright-empty'), '');
    expect(await describeArtifact(marked)).toEqual(empty);
    await transport.putObject('{"files":[]}');
    await transport.putObject('');
    const withMark = await transport.putObject(`{"files":[{"digest":"${digestOf('')}","path":".pipewright-empty","size":0}]}`);
    const brought: ArtifactReference = { ...empty, digest: withMark.digest, files: 1 };
    const first = await runInPod({ ...plan, inputs: { folder: brought, folders: [brought, brought] } });
    expect([first.texts['seen'], first.record!.parts.inputs]).toEqual(['[0,0,0]', { folder: empty.digest, folders: [empty.digest, empty.digest] }]);
    expect((await runInPod({ ...plan, inputs: { folder: empty, folders: [empty, empty] } })).record!.cache.status).toBe('hit');
  });

  it('keeps its outputs out of sight until all are whole, and does not put them where something is', async () => {
    const plan = await planOf(double.contract, { ...twice, environment: { PIPEWRIGHT_TASK: '' } });
    const { outputs } = await runInPod(plan);
    const folder = dirname(outputs['note']!);
    expect(await readdir(folder)).toEqual(['note']);
    await rm(outputs['note']!);
    await mkdir(outputs['note']!);
    await writeFile(join(outputs['note']!, 'a file of mine'), '');
    const { bundle } = plan;
    const again = spawnSync(process.execPath, [bundle.main, '--parameter', 'n=1', '--output', `note=${outputs['note']!}`, '--result', `twice=${join(folder, 'twice')}`], { encoding: 'utf8' });
    expect([again.status, again.stderr]).toEqual([64, expect.stringContaining('is a folder that is not empty.')]);
    expect(await readdir(folder)).toEqual(['note']);
  });
});

function digestsOf(outputs: Readonly<Record<string, { readonly digest: Digest }>>): Readonly<Record<string, Digest>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { digest }]) => [name, digest]));
}
