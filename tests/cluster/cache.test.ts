import { execFileSync } from 'node:child_process';
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { compileToArgo, type CompileOptions } from '../../dsl/argo/index.ts';
import { pipeline } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { artifact, commandDigest, defineContainerStep, t, type StepContract } from '../../dsl/contract/index.ts';
import { createBundler, createProcessExecutor, runPipeline, type Bundle } from '../../dsl/local/index.ts';
import { digestOf } from '../../dsl/util/index.ts';
import { openStore } from '../../store/index.ts';
import type { StepRecord } from '../../steps/runtime/step-record.ts';
import { double } from '../local/steps/double/contract.ts';
import { hollow } from '../local/steps/hollow/contract.ts';
import { joinUp } from '../local/steps/join-up/contract.ts';
import { docker, importBase } from '../rig/base-image.ts';
import { Cluster } from '../parity/cluster.ts';
import { shellImage } from '../parity/settings.ts';
import { CLUSTER } from './surroundings.ts';

const NAMESPACE = 'pipewright';
const BASE = 'pipewright-cache-test/base:1';
/** A shell; what the other tests on a cluster use as well. */
const SHELL = shellImage();
const LONG = 600_000;

const LOOK = 'if [ -e /var/run/secrets/kubernetes.io ]; then printf token; else printf none; fi > "$1"; id -u > "$2"; (touch /x 2>/dev/null && printf yes || printf no) > "$3"';
const ports = { results: { token: t.string(), user: t.integer(), writes: t.string() } };
const lookAround = defineContainerStep({ name: 'look', image: SHELL, ...ports, command: ({ result }) => ['sh', '-c', LOOK, 'look', result('token'), result('user'), result('writes')] });
const lookAsDeploy = defineContainerStep({ name: 'look-as-deploy', image: SHELL, serviceAccount: 'pipewright-deploy', ...ports, command: ({ result }) => ['sh', '-c', LOOK, 'look', result('token'), result('user'), result('writes')] });
/** Leaves a file of its own in its folder, and fails at its first attempt, which it knows from what Argo tells its executor. */
const late = defineContainerStep({
  name: 'late', image: SHELL, outputs: { folder: artifact.directory() },
  command: ({ output }) => ['sh', '-c', 'mkdir -p "$1"; touch "$1/$(hostname)"; ! grep -q "/late/folder/[0]/" /var/run/argo/template', 'late', output('folder')],
});
const count = defineContainerStep({
  name: 'count', image: SHELL, inputs: { folder: artifact.directory() }, results: { files: t.integer() },
  command: ({ input, result }) => ['sh', '-c', 'ls "$1" | wc -l | tr -d " " > "$2"', 'count', input('folder'), result('files')],
});

const fill = defineContainerStep({ name: 'fill', image: SHELL, outputs: { folder: artifact.directory() }, command: ({ output }) => ['sh', '-c', 'mkdir -p "$1"; echo x > "$1/x"', 'fill', output('folder')] });

const cached = demandChecked(pipeline('pw-cache-test', { params: { numbers: t.list(t.integer()), text: t.string() } }, ({ params, task, forEach }) => {
  const doubled = forEach(params.numbers, (n, { task }) => task(double, { n, text: params.text }), { name: 'each' });
  const book = task(joinUp, { numbers: doubled.twice, notes: doubled.note });
  const filled = forEach([1, 2], (_n, { task }) => task(fill, {}), { name: 'fills' });
  const emptied = forEach([1], (_n, { task }) => task(hollow, { folder: book.book, folders: filled.folder }, { name: 'empty' }), { name: 'empties' });
  task(hollow, { folders: emptied.folder });
}) as never);

const shape = demandChecked(pipeline('pw-shape-test', { params: {} }, ({ task }) => {
  task(lookAround, {});
  task(lookAsDeploy, {});
  task(count, { folder: task(late, {}, { retry: { limit: 2 } }).folder });
}) as never);

const alone = demandChecked(pipeline('pw-locked-test', {}, ({ task }) => void task(double, { n: 1 })) as never);

interface Ran {
  readonly phase: string;
  readonly message: string | undefined;
  readonly name: string;
  readonly seconds: number;
  /** Of pods, by Argo's name: `look`, `double(0:…)`. */
  readonly nodes: Readonly<Record<string, { readonly phase: string; readonly message?: string; readonly outputs: Readonly<Record<string, string>> }>>;
}

function kubectl(words: readonly string[], input?: string): string {
  return execFileSync('kubectl', ['--namespace', NAMESPACE, ...words], { encoding: 'utf8', ...(input === undefined ? {} : { input }), maxBuffer: 1 << 28 });
}

/** Empty where the server does not answer just now: it may have been restarted by another test. */
function look(name: string): { readonly status?: Record<string, any> } {
  try {
    return JSON.parse(kubectl(['get', 'workflow', name, '-o', 'json'])) as { status?: Record<string, any> };
  } catch {
    return {};
  }
}

async function start(graph: typeof cached, parameters: Readonly<Record<string, string>>, options: CompileOptions = {}): Promise<Ran> {
  const { workflowTemplates, workflow } = compileToArgo(graph, { ...options, image: (contract) => images.get(contract.name) ?? contract.image });
  for (const template of workflowTemplates) kubectl(['apply', '-f', '-'], JSON.stringify(template));
  const given = { ...workflow, spec: { ...workflow.spec, arguments: { parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) } } };
  const begun = performance.now();
  const name = kubectl(['create', '-f', '-', '-o', 'name'], JSON.stringify(given)).trim().replace('workflow.argoproj.io/', '');
  for (;;) {
    const { status = {} } = look(name);
    if (['Succeeded', 'Failed', 'Error'].includes(status['phase'])) {
      const pods = Object.values(status['nodes'] as Record<string, any>).filter(({ type }) => type === 'Pod');
      const nodes = pods.map(({ displayName, phase, message, outputs }) => [displayName, { phase, message, outputs: Object.fromEntries((outputs?.parameters ?? []).map((each: any) => [each.name, each.value])) }] as const);
      return { phase: status['phase'], message: status['message'], name, seconds: (performance.now() - begun) / 1000, nodes: Object.fromEntries(nodes) };
    }
    await sleep(1000);
  }
}

const images = new Map<string, string>();
/** Packed once: a source that changes meanwhile is another step. */
const bundles = new Map<string, Bundle>();
const bundleOf = (contract: StepContract): Promise<Bundle> => Promise.resolve(bundles.get(contract.name)!);
let folder: string;
beforeAll(async () => {
  importBase(BASE);
  folder = await mkdtemp(join(tmpdir(), 'pipewright-cache-test-'));
  const bundler = createBundler({ folder });
  for (const contract of [double, joinUp, hollow].map(({ contract }) => contract as StepContract)) {
    const bundle = await bundler.bundle(contract);
    bundles.set(contract.name, bundle);
    const image = `pipewright-cache-test/${contract.name}:${bundle.digest.slice(7, 19)}`;
    const dockerfile = `FROM ${BASE}\nCOPY main.mjs ${bundle.assets.join(' ')} /app/\nUSER 1000:1000\n`;
    docker(['build', '--quiet', '--tag', image, '--file', '-', bundle.folder], Buffer.from(dockerfile));
    images.set(contract.name, image);
  }
  execFileSync('kind', ['load', 'docker-image', '--name', CLUSTER, ...images.values()], { stdio: 'ignore' });
}, LONG);

afterAll(async () => {
  await rm(folder, { recursive: true });
  for (const name of ['pw-cache-test', 'pw-shape-test', 'pw-locked-test']) {
    kubectl(['delete', 'workflowtemplate', name, '--ignore-not-found', '--wait=false']);
    kubectl(['delete', 'workflow', '-l', `app.kubernetes.io/part-of=${name}`, '--wait=false']);
  }
  docker(['rmi', '--force', ...images.values(), BASE]);
});

describe('a pipeline on the cluster', () => {
  it('runs once; the second run takes every step from the first', async () => {
    // Others each time, so that nothing of an earlier test is found; but hollow takes the same empty folder whatever was before it.
    const n = Math.floor(Math.random() * 900);
    const text = 'x'.repeat(Math.floor(Math.random() * 5000));
    const given = { numbers: [n, n + 1], text };
    const asTexts = { numbers: JSON.stringify(given.numbers), text };
    const own = ['double(0)', 'double(1)', 'empty(0)', 'join-up'];
    const recordsOf = ({ nodes }: Ran): Readonly<Record<string, StepRecord>> =>
      Object.fromEntries(Object.entries(nodes).filter(([, { outputs }]) => '_record' in outputs).map(([name, { outputs }]) => [name.replace(/\(0*(\d+):.*$/s, '($1)'), JSON.parse(outputs['_record'] || 'null') as StepRecord]));

    const first = await start(cached, asTexts);
    expect([first.phase, first.message, first.nodes]).toEqual(['Succeeded', undefined, expect.anything()]);
    const made = recordsOf(first);
    expect(Object.keys(made).sort()).toEqual([...own.slice(0, 3), 'hollow', 'join-up']);
    expect(own.map((name) => [name, made[name]!.cache])).toEqual(own.map((name) => [name, { status: 'miss' }]));
    expect(made['double(1)']!.results).toEqual({ twice: 2 * n + 2 });
    expect(made['join-up']!.results).toEqual({ sum: 4 * n + 2, pages: 2 });
    expect(made['empty(0)']!.results).toEqual({ seen: [1, 1, 1] });
    expect(made['hollow']!).toMatchObject({ results: { seen: [0] }, outputs: { folder: { type: 'directory', digest: digestOf('{"files":[]}'), files: 0 } } });

    const second = await start(cached, asTexts);
    expect([second.phase, second.message]).toEqual(['Succeeded', undefined]);
    for (const [name, { cache, outputs, results, fingerprint }] of Object.entries(recordsOf(second))) {
      expect([name, cache, outputs, results, fingerprint]).toEqual([name, { status: 'hit', run: own.includes(name) ? first.name : expect.any(String), task: name, finishedAt: expect.any(String), seconds: expect.any(Number) }, made[name]!.outputs, made[name]!.results, made[name]!.fingerprint]);
    }
    const log = kubectl(['logs', '-l', `workflows.argoproj.io/workflow=${second.name}`, '-c', 'main', '--tail=-1']);
    expect(log.match(/Taken from the cache: made by [\w-]+\/[\w()-]+ on \d{4}-\d\d-\d\d\./g)).toHaveLength(5);

    // A laptop takes the same from the same store. What is not TypeScript worked anew, and made the same.
    const { data } = JSON.parse(kubectl(['get', 'secret', 'pipewright-environment', '-o', 'json'])) as { data: Record<string, string> };
    const environment = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));
    const cluster = new Cluster(NAMESPACE, 'cache-test');
    onTestFinished(() => cluster.clear());
    const store = await openStore(environment['PIPEWRIGHT_STORE']!, { ...environment, S3_ENDPOINT: `http://127.0.0.1:${await cluster.forward('minio', 'minio', 9000)}` });
    const codeOf = async (contract: StepContract) => (contract.program.kind === 'module' ? (await bundleOf(contract)).digest : commandDigest(contract));
    const here = await runPipeline(cached, { folder, store, executor: createProcessExecutor({ bundle: bundleOf }), code: codeOf, parameters: given });
    expect(here.tasks.map(({ task, status, cached: isCached }) => [task, status, isCached])).toEqual([
      ['double(0)', 'Succeeded', true], ['double(1)', 'Succeeded', true], ['join-up', 'Succeeded', true],
      ['fill(0)', 'Succeeded', expect.any(Boolean)], ['fill(1)', 'Succeeded', expect.any(Boolean)], ['empty(0)', 'Succeeded', true], ['hollow', 'Succeeded', true],
    ]);
    console.info(`${first.seconds.toFixed(0)} s at work, ${second.seconds.toFixed(0)} s from the cache`);
  }, LONG);
});

describe('a store that does not let a step in', () => {
  it('fails the step before it works, with the cause and the mend, and without the key', async () => {
    const data = { PIPEWRIGHT_STORE: 's3://pipewright', S3_ENDPOINT: 'http://minio.minio.svc:9000', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'nobody-at-all', AWS_SECRET_ACCESS_KEY: 'hush-hush' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pw-locked-test' }, stringData: data };
    kubectl(['apply', '-f', '-'], JSON.stringify(secret));
    onTestFinished(() => void kubectl(['delete', 'secret', 'pw-locked-test', '--ignore-not-found']));
    const ran = await start(alone, {}, { environmentSecret: 'pw-locked-test' });
    const { phase, message } = ran.nodes['double']!;
    expect([ran.phase, phase]).toEqual(['Failed', 'Failed']);
    expect(message).toMatch(/PW403: The bucket "pipewright" at http:\/\/minio\.minio\.svc:9000 cannot be used: the server does not accept the credentials/);
    const log = kubectl(['logs', '-l', `workflows.argoproj.io/workflow=${ran.name}`, '-c', 'main', '--tail=-1']);
    expect(log).toContain('→ Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY');
    expect(log).not.toContain('doubling');
    expect(`${log}${message}`).not.toMatch(/nobody-at-all|hush-hush/);
  }, LONG);
});

describe('a pod on the cluster', () => {
  it('has no token unless its step is somebody, is nobody in particular, and passes the restricted standard; attempts do not mix', async () => {
    const labels = JSON.parse(kubectl(['get', 'namespace', NAMESPACE, '-o', 'json'])) as { metadata: { labels: Record<string, string> } };
    expect(labels.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const ran = await start(shape, {});
    expect([ran.phase, ran.message, ran.nodes]).toEqual(['Succeeded', undefined, expect.anything()]);
    expect(ran.nodes['look']!.outputs).toEqual({ token: 'none', user: '1000', writes: 'no' });
    expect(ran.nodes['look-as-deploy']!.outputs).toEqual({ token: 'token', user: '1000', writes: 'no' });
    const attempts = Object.entries(ran.nodes).filter(([name]) => name.startsWith('late('));
    expect(attempts.map(([name, { phase }]) => [name, phase]).sort()).toEqual([['late(0)', 'Failed'], ['late(1)', 'Succeeded']]);
    expect(ran.nodes['count']!.outputs).toEqual({ files: '1' });

    const pods = JSON.parse(kubectl(['get', 'pods', '-l', `workflows.argoproj.io/workflow=${ran.name}`, '-o', 'json'])) as { items: { spec: { initContainers: Container[]; containers: Container[] } }[] };
    expect(pods.items.length).toBeGreaterThan(3);
    for (const { spec } of pods.items) {
      for (const { name, securityContext } of [...spec.initContainers, ...spec.containers]) {
        expect([name, securityContext]).toMatchObject([name, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }]);
      }
    }
  }, LONG);
});

interface Container { readonly name: string; readonly securityContext?: object }
