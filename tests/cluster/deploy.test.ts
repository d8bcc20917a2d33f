import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { answering, readTraffic, versionName } from '../../serving/cluster/index.ts';
import { deploy } from '../../steps/deploy/contract.ts';
import { formatManifest } from '../../store/index.ts';
import { makeModel, type SampleModel } from '../serving/support/models.ts';
import { imageOf } from './images.ts';
import { GATEWAY, openServingRig, type ServingRig } from './serving-rig.ts';
import { runStepPod, type EndedPod } from './step-pod.ts';

const digestOfModel = ({ files }: SampleModel): string => digestOf(formatManifest(Object.entries(files).map(([path, bytes]) => ({ path, digest: digestOf(bytes), size: bytes.length }))));

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

  const run = (model: SampleModel, champion: SampleModel | undefined, environment: Readonly<Record<string, string>> = {}): Promise<EndedPod> => {
    const verdict = { format: 'pipewright/verdict/1', decision: 'promote', reason: 'Better by every measure.', model: digestOfModel(model), champion: champion === undefined ? null : digestOfModel(champion) };
    const inputs = { ...Object.fromEntries(Object.entries(model.files).map(([name, bytes]) => [`model/${name}`, bytes])), verdict: Buffer.from(JSON.stringify(verdict)) };
    return runStepPod({ name: `${rig.model}-${++pods}`, contract: deploy.contract, image, parameters: { name: rig.model }, inputs, environment: { PIPEWRIGHT_SERVING_IMAGE: rig.place.image, ...environment } });
  };
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
