import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { answering, readTraffic, versionName } from '../../serving/cluster/index.ts';
import { deploy } from '../../steps/deploy/contract.ts';
import { resolveChampion } from '../../steps/evaluate/resolve-champion.ts';
import { formatManifest } from '../../store/index.ts';
import { makeModel, type SampleModel } from '../serving/support/models.ts';
import { imageOf } from './images.ts';
import { forward, kubectl, secretOf, tryKubectl } from './kubectl.ts';
import { GATEWAY, openServingRig, type ServingRig } from './serving-rig.ts';
import { CLUSTER } from './surroundings.ts';
import { runStepPod, type EndedPod } from './step-pod.ts';

const digestOfModel = ({ files }: SampleModel): string => digestOf(formatManifest(Object.entries(files).map(([path, bytes]) => ({ path, digest: digestOf(bytes), size: bytes.length }))));

function deployPod(rig: ServingRig, image: string, name: string, model: SampleModel, champion: SampleModel | undefined, environment: Readonly<Record<string, string>> = {}): Promise<EndedPod> {
  const verdict = { format: 'pipewright/verdict/1', decision: 'promote', reason: 'Better by every measure.', model: digestOfModel(model), champion: champion === undefined ? null : digestOfModel(champion) };
  const inputs = { ...Object.fromEntries(Object.entries(model.files).map(([file, bytes]) => [`model/${file}`, bytes])), verdict: Buffer.from(JSON.stringify(verdict)) };
  return runStepPod({ name, contract: deploy.contract, image, parameters: { name: rig.model }, inputs, environment: { PIPEWRIGHT_SERVING_IMAGE: rig.place.image, ...environment } });
}

describe('the step deploy, in a pod', () => {
  let rig: ServingRig;
  let image: string;
  let pods = 0;
  const [first, second] = [makeModel({ seed: 21 }), makeModel({ seed: 22 })];
  beforeAll(async () => {
    rig = await openServingRig();
    image = await imageOf(deploy.contract);
  });
  afterAll(() => rig.remove());

  const run = (model: SampleModel, champion: SampleModel | undefined, environment: Readonly<Record<string, string>> = {}): Promise<EndedPod> => deployPod(rig, image, `${rig.model}-${++pods}`, model, champion, environment);
  const versionThatAnswers = async (): Promise<unknown> => ((await (await fetch(`${GATEWAY}/v2/models/${rig.model}`)).json()) as { versions: unknown[] }).versions[0];

  it('gives the model the requests', async () => {
    const { exitCode, log } = await run(first, undefined);
    expect(log).toMatch(/Bringing up version 1 of \S+ beside nothing\.[^]*It answers 16 golden predictions through the gateway[^]*production of \S+ points to version 1 now\.[^]*Version 1 answers all requests\./);
    expect(exitCode).toBe(0);
    expect(await versionThatAnswers()).toBe('1');
    expect((await rig.registry.ledger(rig.model)).map(({ version, decision, run: by }) => [version, decision, by])).toEqual([[1, 'promote', `${rig.model}-1`], [1, 'rolled-out', `${rig.model}-1`]]);
  });

  it('does nothing when it is asked the same again', async () => {
    expect((await run(first, undefined)).log).toMatch(new RegExp(`Taken from the cache: made by ${rig.model}-1/deploy on`));
  });

  it('brings back what somebody removed', async () => {
    await rig.kubernetes.remove('Deployment', versionName(rig.model, 1));
    const { exitCode, log } = await run(first, undefined);
    expect(log).toMatch(/points to version 1, but version 1 has no servers: it is deployed anew\.[^]*Version 1 answers all requests\./);
    expect(exitCode).toBe(0);
    expect(await versionThatAnswers()).toBe('1');
    expect((await run(first, undefined)).log, 'and then it stands again').toMatch(/Taken from the cache/);
  });

  it('fails with the reason when the servers do not come up, and what was before answers on', async () => {
    const { exitCode, message } = await run(second, first, { PIPEWRIGHT_SERVING_IMAGE: 'pipewright/serving:absent' });
    expect(exitCode).toBe(1);
    expect(message).toMatch(/^PW603: Version 2 of \S+ was not rolled out: the image pipewright\/serving:absent cannot be had/);
    expect(await versionThatAnswers()).toBe('1');
    expect(await rig.kubernetes.get('Deployment', versionName(rig.model, 2))).toBeUndefined();
    expect(await rig.registry.resolveAlias(rig.model, 'production')).toBe(1);
  });

  it('does not bring back a version that a person rolled back, although it has deployed it before', async () => {
    expect((await run(second, first)).exitCode).toBe(0);
    expect(await versionThatAnswers()).toBe('2');
    await rig.registry.rollback(rig.model, 'production', { reason: 'Errors since noon' });
    const { exitCode, message } = await run(second, first);
    expect(exitCode).toBe(64);
    expect(message).toMatch(/^PW507: Version 2 of \S+ was rolled back from production on .*: Errors since noon/);
    expect(answering(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)))).toEqual([2]);
  });

  it('may touch nothing but model servers', async () => {
    const { exitCode, message } = await run(second, first, { PIPEWRIGHT_SERVING_NAMESPACE: 'minio' });
    expect(exitCode).toBe(1);
    expect(message).toMatch(/^PW604: The cluster refuses GET \/apis\/\S+\/namespaces\/minio\/\S+ with 403: .*forbidden/);
  });
});

describe('the step deploy, killed when the ledger says the new version and the route the old one', () => {
  let rig: ServingRig;
  let image: string;
  const [first, second] = [makeModel({ seed: 31 }), makeModel({ seed: 32 })];
  beforeAll(async () => {
    rig = await openServingRig();
    image = await imageOf(deploy.contract);
  });
  afterAll(async () => {
    tryKubectl(['delete', 'validatingwebhookconfiguration', rig.model, '--ignore-not-found']);
    await rig.remove();
  });

  const run = (name: string, model: SampleModel, champion: SampleModel | undefined): Promise<EndedPod> => deployPod(rig, image, `${rig.model}-${name}`, model, champion);

  /** Keeps the API server from carrying out the switch, and nothing else, by somebody who is to agree and never answers. */
  const holdSwitch = (): void => {
    const switched = `object.spec.rules.exists(rule, has(rule.backendRefs) && rule.backendRefs.exists(backend, backend.name == '${versionName(rig.model, 2)}' && backend.weight == 100))`;
    const webhook = {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: rig.model },
      webhooks: [{
        name: 'hold.pipewright.test', clientConfig: { url: 'https://192.0.2.1/' }, failurePolicy: 'Fail', timeoutSeconds: 30, sideEffects: 'None', admissionReviewVersions: ['v1'],
        rules: [{ apiGroups: ['gateway.networking.k8s.io'], apiVersions: ['*'], resources: ['httproutes'], operations: ['UPDATE'], scope: 'Namespaced' }],
        matchConditions: [{ name: 'switch', expression: `object.metadata.name == '${rig.model}' && ${switched}` }],
      }],
    };
    expect(tryKubectl(['create', '--filename', '-'], webhook)).toMatchObject({ status: 0 });
  };

  it('is finished by its next attempt; until then the model to beat is the one that answers', async () => {
    expect((await run('one', first, undefined)).exitCode).toBe(0);
    holdSwitch();
    const killed = run('two', second, first);
    await expect.poll(() => rig.registry.resolveAlias(rig.model, 'production'), { timeout: 120_000, interval: 200 }).toBe(2);
    // Without a word: who is asked to end takes its promotion back.
    execFileSync('docker', ['exec', `${CLUSTER}-control-plane`, 'pkill', '-9', '-f', rig.model]);
    expect(await killed).toMatchObject({ exitCode: 137 });
    kubectl('delete', 'validatingwebhookconfiguration', rig.model);
    expect(answering(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)))).toEqual([1]);

    const lines: string[] = [];
    const { champion } = await championInPod(rig, lines);
    expect(champion).toBe(digestOfModel(first));
    expect(lines[0]).toMatch(/^Version 2 of \S+ was promoted to production, but its rollout ended before it got the requests/);

    const { exitCode, log } = await run('three', second, first);
    expect(log).toMatch(/points to version 2, but requests go to version 1, not to version 2: it is deployed anew\.[^]*production of \S+ points to version 2 already\.[^]*Version 2 answers all requests; version 1 is kept/);
    expect(exitCode).toBe(0);
    expect(answering(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)))).toEqual([2]);
    expect((await championInPod(rig, lines)).champion).toBe(digestOfModel(second));
    expect((await rig.registry.ledger(rig.model)).map(({ action, version, decision }) => `${action} ${version} ${decision}`)).toEqual(['promote 1 promote', 'none 1 rolled-out', 'promote 2 promote', 'none 2 rolled-out']);
  });

  it('gives way to another version that beats what answers', async () => {
    const third = makeModel({ seed: 33 });
    // Back to where version 2 is promoted and does not answer: by the ledger alone.
    await rig.registry.rollback(rig.model, 'production', { reason: 'for the test' });
    await rig.registry.promote(rig.model, { version: 2, alias: 'production', expected: 1, decision: 'promote', reason: 'for the test', pending: true });
    expect((await run('four', third, first)).exitCode).toBe(0);
    expect(answering(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)))).toEqual([3]);
    expect((await championInPod(rig, [])).champion).toBe(digestOfModel(third));
  });
});

/** Who evaluate, in a pod, takes for the model to beat: by the same code and rights, from here. */
async function championInPod(rig: ServingRig, lines: string[]): Promise<{ readonly champion: string }> {
  await using way = await forward('minio', 'minio', 9000);
  const environment = { ...secretOf('pipewright', 'pipewright-environment'), S3_ENDPOINT: `http://127.0.0.1:${way.port}` };
  // Awaited here: the way is closed when this function is left.
  return await resolveChampion({ parameters: { champion: 'production', name: rig.model }, environment, log: (line) => void lines.push(line) });
}
