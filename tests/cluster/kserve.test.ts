import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTraffic, rollOut, versionName } from '../../serving/cluster/index.ts';
import { installKServe, removeKServe, whyNoKServe } from './kserve-rig.ts';
import { kubectl, tryKubectl } from './kubectl.ts';
import { describeLatency, startLoad, type Observation } from './load.ts';
import { otherServingImage } from './other-image.ts';
import { GATEWAY, openServingRig, type Prepared, type ServingRig } from './serving-rig.ts';

/*
 * Where KServe is installed its real controller makes the servers. It is installed for this file alone and removed at its
 * end, because the step deploy takes what it finds.
 */

const run = promisify(execFile);
const reason = whyNoKServe();
if (reason !== undefined) console.log(`SKIPPED what needs KServe: ${reason}.`);

const NAMESPACE = 'pipewright-models';
const rowsOf = ({ sample }: Prepared): readonly (readonly number[])[] => sample.document.golden.map(({ row }) => row);

/** Its conditions, once it is ready. (`kubectl wait --for=condition` also wants observedGeneration, which KServe copies from the Deployment.) */
function waitForReady(name: string): Readonly<Record<string, string>> {
  kubectl('--namespace', NAMESPACE, 'wait', `inferenceservice/${name}`, '--for=jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', '--timeout=120s');
  const { status } = JSON.parse(kubectl('--namespace', NAMESPACE, 'get', 'inferenceservice', name, '--output', 'json')) as { status: { conditions: { type: string; status: string }[] } };
  return Object.fromEntries(status.conditions.map(({ type, status: holds }) => [type, holds]));
}

const namesOf = (kind: string): readonly string[] => kubectl('--namespace', NAMESPACE, 'get', kind, '--output', 'name').trim().split('\n').map((line) => line.split('/')[1]!);

function expectAllRight(seen: readonly Observation[], versions: readonly Prepared[]): void {
  const failed = seen.filter(({ failure }) => failure !== undefined);
  expect(failed.slice(0, 5), `${failed.length} of ${seen.length} requests failed`).toEqual([]);
  const samples = new Map(versions.map(({ version, sample }) => [String(version), sample]));
  for (const { version, row, probability } of seen) {
    const sample = samples.get(version!)!;
    expect(probability).toBe(sample.predict(sample.document.golden[row]!.row));
  }
}

describe.skipIf(reason !== undefined)('with KServe', () => {
  let rig: ServingRig;
  let first: Prepared;
  let second: Prepared;
  beforeAll(async () => {
    await installKServe();
    rig = await openServingRig();
    first = await rig.register(1, { run: 'run-1' });
    // On a new machine KServe is compiled first, which takes minutes.
  }, 1_800_000);
  afterAll(async () => {
    await rig?.remove();
    await removeKServe();
  });

  it('a version is an InferenceService, which makes its servers; the route is ours', async () => {
    await rollOut(first.options);
    const name = versionName(rig.model, 1);
    expect(waitForReady(name)).toMatchObject({ PredictorReady: 'True', Ready: 'True' });
    const deployment = await rig.kubernetes.get('Deployment', `${name}-predictor`);
    expect(deployment).toMatchObject({ metadata: { ownerReferences: [{ kind: 'InferenceService', name }] }, status: { availableReplicas: 2 } });
    const [container] = deployment!.spec!.template.spec!.containers;
    expect(container).toMatchObject({ name: 'kserve-container', image: rig.place.image, securityContext: { readOnlyRootFilesystem: true } });
    expect(await rig.kubernetes.get('Deployment', name), 'a Deployment of ours').toBeUndefined();
    expect(namesOf('httproutes').filter((route) => route.includes(rig.model)), 'routes of KServe beside ours').toEqual([rig.model]);
    const { golden } = first.sample.document;
    for (const { row } of golden) {
      const response = await fetch(`${GATEWAY}/v2/models/${rig.model}/infer`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ inputs: [{ name: 'features', datatype: 'FP64', shape: [1, row.length], data: row }] }) });
      const { model_version: version, outputs } = (await response.json()) as { model_version: string; outputs: { name: string; data: number[] }[] };
      expect([version, outputs.find((output) => output.name === 'probability')!.data[0]]).toEqual(['1', first.sample.predict(row)]);
    }
  });

  it('a new version, the way back and a new server lose no request', async () => {
    const load = startLoad(GATEWAY, rig.model, rowsOf(first), 50);
    try {
      await load.until(1);
      second = await rig.register(2, { run: 'run-2', beats: 1 });
      await rollOut(second.options);
      await load.until(2);
      expect(waitForReady(versionName(rig.model, 2))).toMatchObject({ Ready: 'True' });
      expect(readTraffic(await rig.kubernetes.get('HTTPRoute', rig.model)).weights).toEqual([{ version: 2, weight: 100 }, { version: 1, weight: 0 }]);
      expect((await rig.kubernetes.get('Deployment', `${versionName(rig.model, 1)}-predictor`))!.spec!.replicas, 'the version that is kept').toBe(1);

      const words = ['models', 'rollback', rig.model, '--cluster', '--gateway', GATEWAY, '--reason', 'The test wants it back'];
      const { stdout } = await run(process.execPath, [fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url)), ...words]);
      expect(stdout).toMatch(/Version 1 answers all requests; version 2 is kept for the way back\./);
      await load.until(1);

      const image = await otherServingImage(rig.place.image);
      await run(process.execPath, [fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url)), 'models', 'upgrade', rig.model, '--gateway', GATEWAY, '--image', image]);
      expect((await rig.kubernetes.get('Deployment', `${versionName(rig.model, 1)}-predictor`))!.spec!.template.spec!.containers[0]!.image).toBe(image);
      expect((await rig.kubernetes.get('Deployment', `${versionName(rig.model, 2)}-predictor`))!.spec!.template.spec!.containers[0]!.image, 'the one that is kept').toBe(rig.place.image);
      await load.until(1);
      // Servers that are told to end answer on for a while.
      await delay(12_000);
    } finally {
      await load.stop();
    }
    console.log(`with KServe: ${load.seen.length} requests, ${describeLatency(load.seen)}`);
    expectAllRight(load.seen, [first, second]);
  });

  it('an older version is removed with all that KServe made of it', async () => {
    const third = await rig.register(3, { run: 'run-3', beats: 1 });
    await rollOut(third.options);
    await expect.poll(() => namesOf('deployments').filter((name) => name.includes(rig.model)).sort(), { timeout: 60_000 }).toEqual([1, 3].map((version) => `${versionName(rig.model, version)}-predictor`));
    expect(namesOf('inferenceservices').filter((name) => name.includes(rig.model)).sort()).toEqual([1, 3].map((version) => versionName(rig.model, version)));
  });

  it('a service that people write themselves is served by our runtime, at the address that KServe gives it', async () => {
    const name = `${rig.model}-own`;
    const files = first.sample.files;
    const objects = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, binaryData: Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file, Buffer.from(bytes).toString('base64')])) },
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: NAMESPACE }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } } },
      {
        apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE },
        spec: {
          restartPolicy: 'Never', automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [{
            name: 'copy', image: rig.place.image, command: ['node', '-e', 'fs.cpSync("/from", "/to/model", { recursive: true, dereference: true, filter: (path) => !path.includes("..") })'],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }, volumeMounts: [{ name: 'from', mountPath: '/from' }, { name: 'to', mountPath: '/to' }],
          }],
          volumes: [{ name: 'from', configMap: { name } }, { name: 'to', persistentVolumeClaim: { claimName: name } }],
        },
      },
      {
        apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace: NAMESPACE },
        spec: { predictor: { minReplicas: 1, maxReplicas: 1, model: { modelFormat: { name: 'pipewright' }, runtime: 'pipewright', protocolVersion: 'v2', storageUri: `pvc://${name}/model` } } },
      },
    ];
    try {
      const runtime = kubectl('kustomize', 'manifests/cluster/kserve').replace('pipewright/serving:latest', rig.place.image);
      expect(runtime).toContain(rig.place.image);
      await run('bash', ['-c', 'kubectl apply --server-side --filename - <<<"$1"', 'apply', runtime]);
      for (const object of objects.slice(0, 3)) expect(tryKubectl(['create', '--filename', '-'], object)).toMatchObject({ status: 0 });
      kubectl('--namespace', NAMESPACE, 'wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=120s');
      expect(tryKubectl(['create', '--filename', '-'], objects[3])).toMatchObject({ status: 0 });
      expect(waitForReady(name)).toMatchObject({ Ready: 'True' });
      const url = kubectl('--namespace', NAMESPACE, 'get', 'inferenceservice', name, '--output', 'jsonpath={.status.url}');
      expect(url).toBe(`http://${name}-${NAMESPACE}.localhost`);
      const { row } = first.sample.document.golden[0]!;
      const ask = (): Promise<string> => askHost(new URL(url).host, `/v2/models/${name}/infer`, { inputs: [{ name: 'features', datatype: 'FP64', shape: [1, row.length], data: row }] });
      await expect.poll(ask, { timeout: 30_000, interval: 500 }).toContain('"probability"');
      const { outputs } = JSON.parse(await ask()) as { outputs: { name: string; data: number[] }[] };
      expect(outputs.find((output) => output.name === 'probability')!.data[0]).toBe(first.sample.predict(row));
    } finally {
      tryKubectl(['--namespace', NAMESPACE, 'delete', 'inferenceservice', name, '--ignore-not-found']);
      tryKubectl(['--namespace', NAMESPACE, 'delete', 'pod,configmap,pvc', name, '--ignore-not-found', '--grace-period=1']);
      tryKubectl(['delete', '--kustomize', 'manifests/cluster/kserve', '--ignore-not-found']);
    }
  });
});

/** `fetch` sets its own Host. */
function askHost(host: string, path: string, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    request(`${GATEWAY}${path}`, { method: 'POST', headers: { host, 'content-type': 'application/json' } }, (response) => resolve(text(response))).on('error', reject).end(JSON.stringify(body));
  });
}
