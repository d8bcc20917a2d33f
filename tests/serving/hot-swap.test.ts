import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { ModelOrigin } from '../../serving/settings.ts';
import { makeModel, MODEL_NAME } from './support/models.ts';
import { folderOrigin, registryOrigin, start } from './support/server.ts';
import { makeRegistry, promoteModel, writeModel } from './support/stored.ts';

interface Observation { readonly version: string; readonly probability: number }

/** Clients that ask without a pause over connections they keep, until told to stop. */
function startLoad(url: string, row: readonly number[], clients: number): { readonly seen: Observation[]; stop(): Promise<readonly Error[]> } {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const body = JSON.stringify({ inputs: [{ name: 'features', shape: [1, row.length], datatype: 'FP64', data: row }] });
  const seen: Observation[] = [];
  const failures: Error[] = [];
  let running = true;
  const ask = (): Promise<Observation> =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}/v2/models/${MODEL_NAME}/infer`, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
          if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}: ${text}`));
          const reply = JSON.parse(text) as { model_version: string; outputs: { data: number[] }[] };
          resolve({ version: reply.model_version, probability: reply.outputs[0]!.data[0]! });
        });
      });
      sent.on('error', reject).end(body);
    });
  const loop = async (): Promise<void> => {
    while (running) await ask().then((observation) => seen.push(observation), (error: Error) => failures.push(error));
  };
  const loops = Array.from({ length: clients }, loop);
  return {
    seen,
    async stop() {
      running = false;
      await Promise.all(loops);
      agent.destroy();
      return failures;
    },
  };
}

describe('a swap under load', () => {
  it('loses no request, and every answer is that of one version', async () => {
    const models = [makeModel({ seed: 1 }), makeModel({ seed: 2 })];
    const row = [...models[0]!.rows.values.subarray(0, 19)];
    const broken = makeModel({ seed: 3, change: (document) => ({ ...document, golden: document.golden.map(({ row, probability }) => ({ row, probability: 1 - probability })) }) });
    const registry = await makeRegistry();
    await promoteModel(registry, models[0]!);
    const server = await start(registryOrigin(registry.location));
    const load = startLoad(server.url, row, 4);
    try {
      let next = 1;
      for (let swap = 1; swap <= 12; swap++) {
        await promoteModel(registry, swap === 6 ? broken : models[next]!);
        if (swap !== 6) next = 1 - next;
        const [outcome] = await server.refresh();
        expect(outcome!.kind).toBe(swap === 6 ? 'failed' : 'swapped');
        // Not before answers of this state came in.
        const before = load.seen.length;
        while (load.seen.length < before + 20) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      expect(await load.stop()).toEqual([]);
      await server.drain('the test is over');
    }
    const expected = new Map([['1', models[0]!.predict(row)], ['2', models[1]!.predict(row)]]);
    for (const { version, probability } of load.seen) expect(probability).toBe(expected.get(version));
    expect(new Set(load.seen.map(({ version }) => version))).toEqual(new Set(['1', '2']));
    expect(load.seen.length).toBeGreaterThan(200);
  });
});

describe('the registry', () => {
  it('gives a version that stays, whatever the alias does and even when the store is gone', async () => {
    const registry = await makeRegistry();
    await promoteModel(registry, makeModel({ seed: 1 }));
    const server = await start({ ...registryOrigin(registry.location), version: 1 } as ModelOrigin);
    const early = await start({ ...registryOrigin(registry.location), version: 2 } as ModelOrigin);
    try {
      expect(early.readiness()).toMatchObject({ ready: false, reason: expect.stringContaining('PW412: The model stock-direction has no version 2; its newest is 1.') });
      await promoteModel(registry, makeModel({ seed: 2 }));
      expect((await early.refresh())[0]!.kind).toBe('swapped');
      expect((await server.refresh())[0]!.kind).toBe('unchanged');
      await rm(registry.location, { recursive: true });
      for (const [each, version] of [[server, '1'], [early, '2']] as const) {
        expect((await each.refresh())[0]).toMatchObject({ kind: 'unchanged', model: { version, role: 'version' } });
        expect((await each.get('/v2/health/ready')).json).toMatchObject({ ready: true, models: [{ version }] });
      }
    } finally {
      await Promise.all([server.drain('the test is over'), early.drain('the test is over')]);
    }
  });

  it('is polled, and a new champion answers', async () => {
    const registry = await makeRegistry();
    await promoteModel(registry, makeModel({ seed: 1 }));
    const server = await start(registryOrigin(registry.location), { pollSeconds: 0.02 });
    try {
      expect((await server.get(`/v2/models/${MODEL_NAME}`)).json).toMatchObject({ versions: ['1'] });
      await promoteModel(registry, makeModel({ seed: 2 }));
      await expect.poll(async () => (await server.get(`/v2/models/${MODEL_NAME}`)).json['versions'], { timeout: 10_000 }).toEqual(['2']);
      // The pinned version is gone with it.
      expect((await server.get(`/v2/models/${MODEL_NAME}/versions/1/ready`)).status).toBe(404);
    } finally {
      await server.drain('the test is over');
    }
  });

  it('may be empty: not ready, with the reason, until there is a champion', async () => {
    const registry = await makeRegistry();
    const server = await start(registryOrigin(registry.location));
    try {
      const empty = await server.get('/v2/health/ready');
      expect(empty).toMatchObject({ status: 503, json: { ready: false, error: expect.stringContaining('PW412: There is no model "stock-direction" in the registry'), models: [{ name: MODEL_NAME, ready: false }] } });
      for (const path of [`/v2/models/${MODEL_NAME}`, `/v2/models/${MODEL_NAME}/ready`, `/v1/models/${MODEL_NAME}`]) expect((await server.get(path)).status).toBe(503);
      expect(await server.post(`/v1/models/${MODEL_NAME}:predict`, { instances: [[]] })).toMatchObject({ status: 503, json: { error: expect.stringContaining('is not ready') } });
      expect((await server.get('/v2/health/live')).status).toBe(200);
      expect((await server.get('/metrics')).text).toMatch(/^pipewright_ready 0$/m);

      await promoteModel(registry, makeModel(), 'challenger');
      await server.refresh();
      expect((await server.get('/v2/health/ready')).json['error']).toContain('has no alias "production"');

      await promoteModel(registry, makeModel());
      await server.refresh();
      expect(await server.get('/v2/health/ready')).toMatchObject({ status: 200, json: { ready: true } });
      expect((await server.get('/metrics')).text).toMatch(/^pipewright_ready 1$/m);
    } finally {
      await server.drain('the test is over');
    }
  });

  it('keeps the old model when the new one fails, and says why', async () => {
    const registry = await makeRegistry();
    await promoteModel(registry, makeModel({ seed: 1 }));
    const server = await start(registryOrigin(registry.location));
    try {
      const artifact = await writeModel({ files: { ...makeModel({ seed: 2 }).files, 'weights.bin': new Uint8Array(4) } });
      const files = { files: await readFolder(artifact) };
      await promoteModel(registry, files);
      await server.refresh();
      await server.refresh();
      const ready = await server.get('/v2/health/ready');
      expect(ready).toMatchObject({ status: 200, json: { ready: true, models: [{ version: '1', reason: expect.stringMatching(/^PW507: The files of model "stock-direction" version 2 cannot be served\. weights\.bin is not the file/) }] } });
      const metrics = (await server.get('/metrics')).text;
      expect(metrics).toMatch(/^pipewright_model_load_failing\{model="stock-direction",role="production"\} 1$/m);
      expect(metrics).toMatch(/^pipewright_model_loads_total\{model="stock-direction",role="production",result="failed"\} 2$/m);
      // Said once, not at every look.
      expect(server.events.filter(({ event }) => event === 'model-load-failed')).toMatchObject([{ level: 'error', serving: '1' }]);

      await registry.registry.rollback(MODEL_NAME, 'production', { reason: 'it cannot be served' });
      await server.refresh();
      expect((await server.get('/v2/health/ready')).json).toEqual({ ready: true, models: [{ name: MODEL_NAME, ready: true, version: '1' }] });
      expect((await server.get('/metrics')).text).toMatch(/^pipewright_model_load_failing\{.*\} 0$/m);
    } finally {
      await server.drain('the test is over');
    }
  });

  it('finds a damaged object by its digest', async () => {
    const registry = await makeRegistry();
    const version = await promoteModel(registry, makeModel());
    const { artifact } = await registry.registry.readVersion(MODEL_NAME, version);
    await damageLargestObject(registry.location);
    const server = await start(registryOrigin(registry.location));
    try {
      const [model] = server.readiness().models;
      expect(model).toMatchObject({ ready: false, reason: expect.stringContaining('PW401') });
      expect(artifact.type).toBe('directory');
    } finally {
      await server.drain('the test is over');
    }
  });
});

describe('a folder', () => {
  it('is read again on a look, and other files are another version', async () => {
    const folder = await writeModel(makeModel({ seed: 1 }));
    const server = await start({ kind: 'folder', folder, name: 'renamed', version: undefined });
    try {
      const first = server.readiness().models[0]!;
      expect(first.name).toBe('renamed');
      expect(first.version).toMatch(/^[0-9a-f]{12}$/);
      expect((await server.refresh())[0]!.kind).toBe('unchanged');
      await writeModel(makeModel({ seed: 2 }), folder);
      expect((await server.refresh())[0]!.kind).toBe('swapped');
      expect(server.readiness().models[0]!.version).not.toBe(first.version);
    } finally {
      await server.drain('the test is over');
    }
  });

  it.each([
    ['a hash of other feature functions', 'PW506', 'their hash is', () => makeModel({ change: (document) => ({ ...document, featureSet: { ...document.featureSet, hash: `sha256:${'0'.repeat(64)}` as typeof document.featureSet.hash } }) })],
    ['a feature that does not exist here', 'PW506', 'There is no feature moon', () => makeModel({ change: (document) => ({ ...document, featureSet: { ...document.featureSet, definition: { features: [{ kind: 'moon', parameters: {} }] } } }) })],
    ['a definition of another shape', 'PW506', 'has no list of features', () => makeModel({ change: (document) => ({ ...document, featureSet: { ...document.featureSet, definition: { features: 'all' } } }) })],
    ['columns in another order', 'PW506', 'here they are log_return_1', () => makeModel({ change: (document) => ({ ...document, featureSet: { ...document.featureSet, names: [...document.featureSet.names].reverse() } }) })],
    ['golden predictions that do not come out', 'PW507', 'do not come out: of 16, number ', () => makeModel({ change: (document) => ({ ...document, golden: document.golden.map(({ row, probability }) => ({ row, probability: probability * 0.99 })) }) })],
    ['other normalisation than it was trained with', 'PW507', 'do not come out', () => makeModel({ change: (document) => ({ ...document, normalisation: { ...document.normalisation, scale: document.normalisation.scale.map((scale) => scale * 2) } }) })],
  ])('with %s is not served', async (_, code, words, make) => {
    const server = await start(folderOrigin(await writeModel(make())));
    try {
      const [outcome] = await server.firstLoad;
      expect(outcome!.kind).toBe('failed');
      const { error } = outcome as { error: PipewrightError };
      expect(error).toBeInstanceOf(PipewrightError);
      expect(error.code).toBe(code);
      expect(error.message).toContain(words);
      expect(server.readiness().ready).toBe(false);
    } finally {
      await server.drain('the test is over');
    }
  });

  it('without a model cannot be started', async () => {
    await expect(start(folderOrigin('/nowhere'))).rejects.toThrow('PW602: The folder /nowhere holds no model');
  });
});

async function readFolder(folder: string): Promise<Record<string, Uint8Array>> {
  const { readdir, readFile } = await import('node:fs/promises');
  return Object.fromEntries(await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(`${folder}/${name}`)] as const)));
}

async function damageLargestObject(store: string): Promise<void> {
  const { chmod, readdir, stat, writeFile, readFile } = await import('node:fs/promises');
  const names = (await readdir(`${store}/objects`, { recursive: true })).map((name) => `${store}/objects/${name}`);
  const sized = await Promise.all(names.map(async (path) => ({ path, info: await stat(path) })));
  const { path } = sized.filter(({ info }) => info.isFile()).sort((a, b) => b.info.size - a.info.size)[0]!;
  const bytes = await readFile(path);
  bytes[10]! ^= 1;
  await chmod(path, 0o644);
  await writeFile(path, bytes);
}
