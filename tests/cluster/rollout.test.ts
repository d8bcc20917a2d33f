import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { answering, readTraffic, rollOut, versionName, type RollOutOptions } from '../../serving/cluster/index.ts';
import { describeLatency, startLoad, type Load, type Observation } from './load.ts';
import { otherServingImage, wrongServingImage } from './other-image.ts';
import { requestsSeenBy } from './pod-requests.ts';
import { GATEWAY, openServingRig, type Prepared, type ServingRig } from './serving-rig.ts';

const RATE = 200;
const run = promisify(execFile);
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Every answer is right for the version that gave it, and that is one of those that may answer; there is one to each request. */
function expectAllRight(seen: readonly Observation[], versions: readonly Prepared[]): void {
  const failed = seen.filter(({ failure }) => failure !== undefined);
  expect(failed.slice(0, 5), `${failed.length} of ${seen.length} requests failed`).toEqual([]);
  const samples = new Map(versions.map(({ version, sample }) => [String(version), sample]));
  for (const { version, row, probability } of seen) {
    const sample = samples.get(version!);
    expect(sample, `version ${version} answered`).toBeDefined();
    expect(probability).toBe(sample!.predict(sample!.document.golden[row]!.row));
  }
}

const rowsOf = ({ sample }: Prepared): readonly (readonly number[])[] => sample.document.golden.map(({ row }) => row);

const codesOf = async (work: Promise<unknown>): Promise<PipewrightError> =>
  work.then(() => Promise.reject(new Error('it went well')), (error: unknown) => {
    if (error instanceof PipewrightError) return error;
    throw error;
  });

/** A second try would hide the very request that was lost. */
const ONCE = { retry: 0 };

describe('a version that takes the place of another', ONCE, () => {
  let rig: ServingRig;
  let first: Prepared;
  let second: Prepared;
  let load: Load | undefined;
  beforeAll(async () => {
    rig = await openServingRig();
    first = await rig.register(1, { run: 'run-1' });
    await rollOut(first.options);
  });
  afterAll(async () => {
    await load?.stop();
    await rig.remove();
  });

  it('loses no request: not in the rollout, not in the rollback, not when a server goes', async () => {
    load = startLoad(GATEWAY, rig.model, rowsOf(first), RATE);
    await load.until(1);
    const marks: (readonly [string, number])[] = [];
    const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      const from = load!.now();
      await work();
      marks.push([what, from], [`${what} done`, load!.now()]);
      console.log(`${what}: ${((load!.now() - from) / 1000).toFixed(1)} s`);
    };

    second = await rig.register(2, { run: 'run-2', beats: 1 });
    await measure('rollout', () => rollOut(second.options));
    await load.until(2);
    expect(await rig.registry.resolveAlias(rig.model, 'production')).toBe(2);

    await measure('rollback', async () => {
      const words = ['models', 'rollback', rig.model, '--cluster', '--gateway', GATEWAY, '--reason', 'The test wants it back'];
      const { stdout } = await run(process.execPath, [pathOf('../../cli/bin.mjs'), ...words]);
      expect(stdout).toMatch(/Version 1 answers all requests; version 2 is kept for the way back\.[^]*2 → 1 +rollback +by hand/);
    });
    await load.until(1);
    expect(await rig.registry.resolveAlias(rig.model, 'production')).toBe(1);

    const [pod] = await rig.kubernetes.list('Pod', { 'pipewright/model': rig.model, 'pipewright/version': '1' });
    const name = pod!.metadata!.name!;
    await rig.kubernetes.remove('Pod', name);
    console.log(`the gateway sends to a server that ends for ${(await requestsSeenBy(rig, name)).toFixed(2)} s more`);
    // Longer than a server goes on answering, so that its end is in the time that is looked at.
    await delay(14_000);

    const seen = await load.stop();
    load = undefined;
    console.log(`${seen.length} requests at ${RATE} a second, ${seen.filter(({ failure }) => failure !== undefined).length} failed; ${describeLatency(seen)}`);
    expect(seen.length).toBeGreaterThan(RATE * 15);
    expectAllRight(seen, [first, second]);
    expect(new Set(seen.map(({ version }) => version))).toEqual(new Set(['1', '2']));
  });

  it('can be asked for by header while another one answers', async () => {
    const ask = async (headers: Record<string, string>): Promise<unknown> => {
      const row = rowsOf(first)[0]!;
      const body = JSON.stringify({ instances: [row] });
      const response = await fetch(`${GATEWAY}/v1/models/${rig.model}:predict`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
      return ((await response.json()) as { model_version: unknown }).model_version;
    };
    expect(await ask({})).toBe('1');
    expect(await ask({ 'pipewright-version': '2' })).toBe('2');
    expect(await ask({ 'pipewright-version': '1' })).toBe('1');
  });

  it('leaves one version to go back to, and removes what is older', async () => {
    const third = await rig.register(3, { run: 'run-3', beats: 1 });
    await rollOut(third.options);
    const fourth = await rig.register(4, { run: 'run-4', beats: 3 });
    await rollOut(fourth.options);
    const deployments = await rig.kubernetes.list('Deployment', { 'pipewright/model': rig.model });
    expect(deployments.map(({ metadata, spec }) => [metadata!.name, spec!.replicas])).toEqual([[versionName(rig.model, 3), 1], [versionName(rig.model, 4), 2]]);
    expect(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model))).toEqual({ weights: [{ version: 4, weight: 100 }, { version: 3, weight: 0 }], previews: [3, 4] });
    for (const kind of ['Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'] as const) {
      expect((await rig.kubernetes.list(kind, { 'pipewright/model': rig.model })).map(({ metadata }) => metadata!.name)).toEqual([versionName(rig.model, 3), versionName(rig.model, 4)]);
    }
  });
});

describe('a rollout that fails', ONCE, () => {
  let rig: ServingRig;
  let first: Prepared;
  let load: Load;
  beforeAll(async () => {
    rig = await openServingRig();
    first = await rig.register(1, { run: 'run-1' });
    await rollOut(first.options);
    load = startLoad(GATEWAY, rig.model, rowsOf(first), 50);
  });
  afterAll(async () => {
    await load.stop();
    await rig.remove();
  });

  /** What was before is what is: servers, route, alias. */
  const expectUntouched = async (): Promise<void> => {
    const traffic = readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model));
    expect(traffic).toEqual({ weights: [{ version: 1, weight: 100 }], previews: [1] });
    expect((await rig.kubernetes.list('Deployment', { 'pipewright/model': rig.model })).map(({ metadata }) => metadata!.name)).toEqual([versionName(rig.model, 1)]);
    expect(await rig.registry.resolveAlias(rig.model, 'production')).toBe(1);
  };

  it('names an image that is not there', async () => {
    const { options } = await rig.register(2, { run: 'run-2', beats: 1 });
    const error = await codesOf(rollOut({ ...options, place: { ...rig.place, image: 'pipewright/serving:absent' } }));
    expect(error.issues[0]).toMatchObject({ code: 'PW603', message: expect.stringMatching(/^Version 2 of t-\w+ was not rolled out: the image pipewright\/serving:absent cannot be had/) });
    await expectUntouched();
  });

  it('names a Secret that is not there', async () => {
    const { options } = await rig.register(2, { run: 'run-2', beats: 1 });
    const error = await codesOf(rollOut({ ...options, place: { ...rig.place, secret: 'nobodys' } }));
    expect(error.message).toMatch(/^PW603: .* its container cannot be set up: secret "nobodys" not found/);
    await expectUntouched();
  });

  it('says what the server says of a model that it refuses', async () => {
    const change = (sample: Prepared['sample']): Prepared['sample'] => {
      const document = JSON.parse(Buffer.from(sample.files['pipewright.json']!).toString('utf8')) as { golden: { probability: number }[] };
      document.golden[2]!.probability = 1 - document.golden[2]!.probability;
      return { ...sample, files: { ...sample.files, 'pipewright.json': Buffer.from(JSON.stringify(document)) } };
    };
    const { options } = await rig.register(3, { run: 'run-3', beats: 1, change });
    const error = await codesOf(rollOut(options));
    expect(error.message).toMatch(/^PW603: .* its server is not ready and says: PW507: The golden predictions of model "t-\w+" version 3 do not come out/);
    await expectUntouched();
  });

  it('says when the gateway gives other answers than the training did', async () => {
    const { options } = await rig.register(2, { run: 'run-2', beats: 1 });
    const golden = options.document.golden.map(({ row, probability }) => ({ row, probability: 1 - probability }));
    const error = await codesOf(rollOut({ ...options, document: { ...options.document, golden } }));
    expect(error.message).toMatch(/^PW603: .* through the gateway http\S+: The model failed its verification in a real server: of 16 golden predictions, number 1 should be/);
    await expectUntouched();
  });

  it('after its promotion goes back in the ledger too, and can be tried again by the same run', async () => {
    const { options } = await rig.register(2, { run: 'run-2', beats: 1 });
    const { golden } = options.document;
    const document = { ...options.document, golden };
    // From its promotion on it is measured against what nobody predicted.
    const ledger = { ...options.ledger, promote: async () => {
      await options.ledger.promote();
      document.golden = golden.map(({ row, probability }) => ({ row, probability: 1 - probability }));
    } };
    expect((await codesOf(rollOut({ ...options, document, ledger }))).message).toMatch(/^PW603: /);
    await expectUntouched();
    const entries = await rig.registry.ledger(rig.model);
    expect(entries.slice(-2)).toMatchObject([
      { action: 'promote', version: 2, from: 1, run: 'run-2' },
      { action: 'rollback', version: 1, from: 2, run: 'run-2', decision: 'rollout-failed', reason: expect.stringMatching(/^The rollout failed: Version 2 of/) },
    ]);
    const again = await rig.register(2, { run: 'run-2', beats: 1 });
    await rollOut(again.options);
    await load.until(2);
    expect(await rig.registry.resolveAlias(rig.model, 'production')).toBe(2);
    expectAllRight(load.seen, [first, again]);
  });
});

describe('servers of another image', ONCE, () => {
  let rig: ServingRig;
  let first: Prepared;
  let load: Load;
  let other: string;
  beforeAll(async () => {
    rig = await openServingRig();
    first = await rig.register(1, { run: 'run-1' });
    await rollOut(first.options);
    other = await otherServingImage(rig.place.image);
    load = startLoad(GATEWAY, rig.model, rowsOf(first), RATE);
  });
  afterAll(async () => {
    await load.stop();
    await rig.remove();
  });

  const upgrade = async (...words: readonly string[]): Promise<string> => (await run(process.execPath, [pathOf('../../cli/bin.mjs'), 'models', 'upgrade', rig.model, '--gateway', GATEWAY, ...words])).stdout;
  const imagesInPlace = async (): Promise<unknown> => {
    const pods = (await rig.kubernetes.list('Pod', { 'pipewright/model': rig.model })).filter(({ metadata }) => metadata!.deletionTimestamp === undefined);
    return pods.map(({ metadata, spec }) => `${metadata!.labels!['pipewright/version']} ${spec!.containers[0]!.image}`);
  };
  const leftOfTrial = async (): Promise<readonly string[]> =>
    (await Promise.all((['Deployment', 'Service', 'HTTPRoute'] as const).map((kind) => rig.kubernetes.list(kind, { 'pipewright/model': rig.model })))).flat().map(({ metadata }) => metadata!.name!).filter((name) => name.endsWith('-trial'));

  it('prove themselves beside those that answer, and take over without a request lost', async () => {
    const ledger = await rig.registry.ledger(rig.model);
    expect(await upgrade('--image', other)).toMatch(new RegExp(`answers by ${rig.place.image}: trying ${other} beside it\\.[^]*\\nVersion 1 of ${rig.model} is served by ${other} now\\.\\n$`));
    await load.until(1);
    expect(await imagesInPlace()).toEqual([`1 ${other}`, `1 ${other}`]);
    expect(await leftOfTrial()).toEqual([]);
    expect(await rig.registry.ledger(rig.model)).toEqual(ledger);
    expect(await upgrade('--image', other)).toContain(`Version 1 of ${rig.model} is served by ${other} already.`);
  });

  it('that answer wrongly get no request', async () => {
    const wrong = await wrongServingImage(rig.place.image);
    const error = await codesOf(rollOut({ ...first.options, place: { ...rig.place, image: wrong } }));
    expect(error.message).toMatch(/^PW603: Version 1 of \S+ was not rolled out: through the gateway \S+: .* number 1 should be \S+ and is 0\.123456 when it is served/);
    expect(await imagesInPlace()).toEqual(expect.arrayContaining([`1 ${other}`, `1 ${other}`]));
    expect((await rig.kubernetes.get('Deployment', versionName(rig.model, 1)))!.spec!.template.spec!.containers[0]!.image).toBe(other);
    expect(await leftOfTrial()).toEqual([]);
  });

  it('that do not come up leave those that answer', async () => {
    expect((await codesOf(rollOut({ ...first.options, place: { ...rig.place, image: 'pipewright/serving:absent' } }))).message).toMatch(/the image pipewright\/serving:absent cannot be had/);
    expect((await rig.kubernetes.get('Deployment', versionName(rig.model, 1)))!.spec!.template.spec!.containers[0]!.image).toBe(other);
    expect(await leftOfTrial()).toEqual([]);
    await load.until(1);
    // Those that were exchanged answered on for a while.
    await load.stop();
    console.log(`servers exchanged: ${load.seen.length} requests, ${load.seen.filter(({ failure }) => failure !== undefined).length} failed; ${describeLatency(load.seen)}`);
    expectAllRight(load.seen, [first]);
  });
});

describe('two rollouts at once', ONCE, () => {
  let rig: ServingRig;
  beforeAll(async () => {
    rig = await openServingRig();
    await rollOut((await rig.register(1, { run: 'run-1' })).options);
  });
  afterAll(() => rig.remove());

  it('end with one of them, and the other says so', async () => {
    const two = await rig.register(2, { run: 'run-2', beats: 1 });
    const three = await rig.register(3, { run: 'run-3', beats: 1 });
    const outcomes = await Promise.allSettled([rollOut(two.options), rollOut(three.options)]);
    const lost = outcomes.findIndex(({ status }) => status === 'rejected');
    const [winner, loser] = lost === 1 ? [two, three] : [three, two];
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((outcomes[lost] as PromiseRejectedResult).reason).toMatchObject({ message: expect.stringMatching(new RegExp(`^PW411: The alias production of ${rig.model} points to version ${winner.version}, not to version 1`)) });
    expect(answering(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)))).toEqual([winner.version]);
    expect(await rig.kubernetes.get('Deployment', versionName(rig.model, loser.version))).toBeUndefined();
    expect(await rig.registry.resolveAlias(rig.model, 'production')).toBe(winner.version);
  });
});

describe('a rollout that is killed', ONCE, () => {
  let rig: ServingRig;
  let load: Load;
  const versions: Prepared[] = [];
  beforeAll(async () => {
    rig = await openServingRig();
    versions.push(await rig.register(1, { run: 'run-1' }));
    await rollOut(versions[0]!.options);
    load = startLoad(GATEWAY, rig.model, rowsOf(versions[0]!), 50);
  });
  afterAll(async () => {
    await load.stop();
    await rig.remove();
  });

  /** What a rollout changes, one after the other, as the child counts it: servers (0 to 4), preview 5, ledger 6, weights 7, then what is older. */
  it.each([3, 5, 6, 7, 12])('before change %i is finished by the next one, and meanwhile every request is answered', async (changes) => {
    const before = versions.at(-1)!.version;
    const own = `run-${before + 1}`;
    const words = ['--import', 'tsx', pathOf('killed-child.ts'), rig.model, String(before + 1), String(before), own, String(changes)];
    // The child registers what this process knows the digest of, too.
    const next = await rig.register(before + 1, { run: own, beats: before });
    versions.push(next);
    const ended = await run(process.execPath, words).then(({ stdout }) => stdout, (error: { signal?: string; stderr?: string }) => error.signal ?? error.stderr);
    expect(ended).toBe('SIGKILL');

    await rollOut({ ...next.options } satisfies RollOutOptions);
    await load.until(next.version);
    expect(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)).weights).toEqual([{ version: next.version, weight: 100 }, { version: before, weight: 0 }]);
    const deployments = await rig.kubernetes.list('Deployment', { 'pipewright/model': rig.model });
    expect(deployments.map(({ metadata }) => metadata!.name).sort()).toEqual([before, next.version].map((version) => versionName(rig.model, version)).sort());
    const promoted = (await rig.registry.ledger(rig.model)).filter(({ version, action }) => version === next.version && action !== 'none');
    expect(promoted).toMatchObject([{ action: 'promote', from: before, run: own }]);
    expectAllRight(load.seen, versions);
  });
});
