import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../../registry/index.ts';
import { openDirectoryStore, putArtifact } from '../../../store/index.ts';
import deploy from '../../../steps/deploy/run.ts';
import { registerModel } from '../../../steps/deploy/register.ts';
import { startServing } from '../../../steps/deploy/serving-process.ts';
import { verifyServing } from '../../../serving/verify-serving.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { digestOf, type Digest } from '../../../dsl/util/index.ts';
import { decodeModel, MODEL_FILES, type ModelDocument } from '../../../model/document/index.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { createRig, featuresOf, QUICK, readJson, trainOn, type Features, type Rig } from '../rig.ts';

describe('deploy', () => {
  let rig: Rig;
  let features: Features;
  let first: string;
  let second: string;
  beforeAll(async () => {
    rig = await createRig();
    features = await featuresOf(rig, sp500());
    first = await trainOn(rig, features);
    second = await trainOn(rig, features, QUICK, { seed: 2 });
  });
  afterAll(() => rig.remove());

  const openPlace = async () => {
    const location = await rig.make();
    const store = await openDirectoryStore(location);
    return { location, store, registry: openRegistry(store), digestOf: async (model: string) => (await putArtifact(store, model)).digest };
  };
  type Place = Awaited<ReturnType<typeof openPlace>>;

  const run = async (place: Place, model: string, verdict: { champion?: string | null; decision?: string; model?: string } = {}) => {
    const lines: string[] = [];
    const folder = await rig.make();
    const path = join(folder, 'given-verdict.json');
    const written = { format: 'pipewright/verdict/1', decision: 'promote', reason: 'Good enough.', model: await place.digestOf(model), champion: null, ...verdict };
    await writeFile(path, JSON.stringify(written));
    const outcome = await runInline(deploy, {
      folder, inputs: { model, verdict: path }, environment: { PIPEWRIGHT_STORE: place.location }, onLine: (_stream, line) => lines.push(line),
    });
    return { ...outcome, lines, evidence: digestOf(JSON.stringify(written)) };
  };

  it('proves the model in a real server, registers it and points production to it', async () => {
    const place = await openPlace();
    const { results, outputs, lines, evidence } = await run(place, first);
    expect(process.getActiveResourcesInfo(), 'a server that is still there').not.toContain('ProcessWrap');
    const digest = await place.digestOf(first);
    expect(results).toEqual({ version: 1, digest });
    expect(lines[0]).toMatch(/^A server answers 16 golden predictions within \S+, one in [\d.]+ ms\.$/);
    expect(lines[1]).toBe('production of stock-direction points to version 1 now.');
    expect(await readJson(outputs.deployment)).toEqual({ format: 'pipewright/deployment/1', name: 'stock-direction', version: 1, alias: 'production', digest });
    expect(await place.registry.resolveAlias('stock-direction', 'production')).toBe(1);
    expect(await place.registry.readVersion('stock-direction', 1)).toMatchObject({ artifact: { type: 'directory', digest }, metadata: { target: 'direction', architecture: 'logistic' } });
    const [entry] = await place.registry.ledger('stock-direction');
    expect(entry).toMatchObject({ action: 'promote', version: 1, from: null, decision: 'promote', reason: 'Good enough.', evidence });
    expect(await place.store.statObject(evidence)).toBeGreaterThan(0);
  });

  it('can be repeated: the same version, no second entry, the same file', async () => {
    const place = await openPlace();
    const before = await run(place, first);
    const again = await run(place, first);
    expect(again.results).toEqual(before.results);
    expect(again.lines.at(-1)).toBe('production of stock-direction points to version 1 already.');
    expect(await readFile(again.outputs.deployment)).toEqual(await readFile(before.outputs.deployment));
    expect(await place.registry.ledger('stock-direction')).toHaveLength(1);
  });

  /** Registers and promotes without the proof: for what happens in the registry. */
  const promote = async (place: Place, model: string, champion: string | null) => {
    const { document } = decodeModel(Object.fromEntries(await Promise.all(MODEL_FILES.map(async (name) => [name, await readFile(join(model, name))] as const))));
    const verdict = { decision: 'promote', reason: 'Good enough.', model: '' as Digest, champion: champion as Digest | null, bytes: Buffer.from('{}') };
    const registered = await registerModel(place.store, { name: 'stock-direction', alias: 'production', folder: model, document, verdict });
    return { moved: await registered.promote(), version: registered.version };
  };

  it('takes the place of the model that the verdict compared with', async () => {
    const place = await openPlace();
    await promote(place, first, null);
    expect(await promote(place, second, await place.digestOf(first))).toMatchObject({ moved: true, version: { version: 2 } });
    expect((await place.registry.ledger('stock-direction')).map(({ from, version }) => [from, version])).toEqual([[null, 1], [1, 2]]);
  });

  it('does not take the place of another model', async () => {
    const place = await openPlace();
    const third = await trainOn(rig, features, QUICK, { seed: 3 });
    await promote(place, first, null);
    await expect(promote(place, second, null)).rejects.toThrow(/^PW411: The alias production of stock-direction points to version 1, not to nothing yet/);
    await promote(place, second, await place.digestOf(first));
    await expect(promote(place, third, await place.digestOf(first))).rejects.toThrow(/^PW411: .* points to version 2, not to version 1/);
    await expect(promote(place, third, `sha256:${'0'.repeat(64)}`)).rejects.toThrow(/^PW412: The verdict compares with the model sha256:0/);
    expect(await place.registry.resolveAlias('stock-direction', 'production')).toBe(2);
  });

  it('goes back to an earlier version as readily as to a new one', async () => {
    const place = await openPlace();
    await promote(place, first, null);
    await promote(place, second, await place.digestOf(first));
    expect(await promote(place, first, await place.digestOf(second))).toMatchObject({ moved: true, version: { version: 1 } });
    expect(await place.registry.listVersions('stock-direction')).toEqual([1, 2]);
  });

  it('does not bring back in silence what a person took out of service', async () => {
    const place = await openPlace();
    await promote(place, first, null);
    await promote(place, second, await place.digestOf(first));
    await place.registry.rollback('stock-direction', 'production', { reason: 'Errors since noon' });
    await expect(promote(place, second, await place.digestOf(first))).rejects.toThrow(/^PW507: Version 2 of stock-direction was rolled back from production on .*: Errors since noon/);
    expect(await place.registry.resolveAlias('stock-direction', 'production')).toBe(1);
    await place.registry.promote('stock-direction', { version: 2, alias: 'production', expected: 1, decision: 'manual', reason: 'It was the network' });
    await promote(place, first, await place.digestOf(second));
    expect(await promote(place, second, await place.digestOf(first))).toMatchObject({ moved: true, version: { version: 2 } });
  });

  it('refuses a verdict about another model, and one that does not promote', async () => {
    const place = await openPlace();
    await expect(run(place, first, { model: await place.digestOf(second) })).rejects.toThrow(/^PW507: .*the verdict is about the model/);
    await expect(run(place, first, { decision: 'keep' })).rejects.toThrow(/^PW507: .*the verdict is "keep": Good enough\./);
    await expect(place.registry.listModels()).resolves.toEqual([]);
  });

  it('refuses a model whose answers are not those of its training, and registers nothing', async () => {
    const place = await openPlace();
    const broken = await rig.make();
    await cp(first, broken, { recursive: true });
    const document = await readJson(join(broken, 'pipewright.json'));
    document.golden[2].probability += 0.01;
    await writeFile(join(broken, 'pipewright.json'), JSON.stringify(document));
    await expect(run(place, broken)).rejects.toThrow(/^PW507: A model server would not serve the model: .*golden predictions.* of 16, number 3 should be [\d.]+ and is [\d.]+\.$/);
    await expect(place.registry.listModels()).resolves.toEqual([]);
  });

  it('holds what the server answers against what training answered', async () => {
    const server = await startServing(first, 'stock-direction', new AbortController().signal);
    const documentIn = async (model: string): Promise<ModelDocument> => readJson(join(model, 'pipewright.json'));
    try {
      const { signal } = new AbortController();
      expect(await verifyServing(server.url, await documentIn(first), signal)).toMatchObject({ compared: 16 });
      // Another model answers under the name: the server is well, and wrong.
      await expect(verifyServing(server.url, await documentIn(second), signal)).rejects.toThrow(
        /^PW507: The model failed its verification in a real server: of 16 golden predictions, number 1 should be [\d.]+ and is [\d.]+ when it is served/,
      );
      await expect(verifyServing(server.url, { ...(await documentIn(first)), name: 'absent' }, signal)).rejects.toThrow(/^PW507: .*answered 404/);
    } finally {
      await server.stop();
    }
  });

  it('refuses damaged files, and a model that was trained on other features', async () => {
    const place = await openPlace();
    const damaged = await rig.make();
    await cp(first, damaged, { recursive: true });
    const weights = await readFile(join(damaged, 'weights.bin'));
    weights[0]! ^= 1;
    await writeFile(join(damaged, 'weights.bin'), weights);
    await expect(run(place, damaged)).rejects.toThrow(/^PW507: weights\.bin is not the file/);

    const foreign = await rig.make();
    await cp(first, foreign, { recursive: true });
    const document = await readJson(join(foreign, 'pipewright.json'));
    document.featureSet.hash = `sha256:${'0'.repeat(64)}`;
    await writeFile(join(foreign, 'pipewright.json'), JSON.stringify(document));
    await expect(run(place, foreign)).rejects.toThrow(/^PW506: A model server would not serve the model: The features of .*their hash is sha256:0000/);
  });

  it('leaves no server behind', async () => {
    const server = await startServing(first, 'stock-direction', new AbortController().signal);
    expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(200);
    await server.stop();
    await expect(fetch(`${server.url}/v2/health/ready`)).rejects.toThrow();
  });

  it('ends the server when the step is to end', async () => {
    const cancel = new AbortController();
    const server = await startServing(first, 'stock-direction', cancel.signal);
    cancel.abort(new Error('cancelled'));
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow();
    await expect(startServing(first, 'stock-direction', cancel.signal)).rejects.toThrow('cancelled');
  });

  it('says that it needs a store', async () => {
    const place = await openPlace();
    await expect(run({ ...place, location: '' }, first)).rejects.toThrow(/^PW501: The store cannot be reached: the variable PIPEWRIGHT_STORE/);
  });
});
