import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rig } from '../cli/rig.ts';
import { fillStore } from './faulty/full-store.ts';
import { digestsOf, loadImages, messageOf, NAMESPACE, newLabel, pipelineFile, removeWorkflows, runOf, submit, taskOf, told, type Submitted } from './faulty/submitted.ts';
import { kubectl, objects, secretOf } from './kubectl.ts';
import { CLUSTER } from './surroundings.ts';

/*
 * What goes wrong on a cluster, done for real: each trouble is named with its cause and mend, nothing is half-written, and
 * the next submit goes on from where the last one was. Parts of the cluster are killed last.
 */

let rig: Rig;
const made: string[] = [];

beforeAll(async () => {
  loadImages();
  rig = await Rig.create();
});

afterAll(async () => {
  removeWorkflows(made);
  await rig?.remove();
});

async function begin(...words: readonly string[]): Promise<Submitted> {
  const submitted = await submit(rig, words);
  made.push(submitted.workflow);
  return submitted;
}

/** The pods of a workflow that are there now. */
function podsOf(workflow: string): readonly string[] {
  return objects('pods', '--namespace', NAMESPACE, '--selector', `workflows.argoproj.io/workflow=${workflow}`).map(({ metadata }) => metadata.name);
}

/** Waits until Argo has seen a step at work: a pod that is gone before is simply made again, within the same attempt. */
async function untilSeenAtWork(workflow: string, template: string): Promise<void> {
  const phases = (): readonly string[] => {
    const { status } = JSON.parse(kubectl('--namespace', NAMESPACE, 'get', 'workflow', workflow, '--output', 'json')) as { readonly status: { readonly nodes: Readonly<Record<string, { readonly type: string; readonly name: string; readonly phase: string }>> } };
    return Object.values(status.nodes).filter(({ type, name }) => type === 'Pod' && name.includes(template)).map(({ phase }) => phase);
  };
  await expect.poll(phases, { timeout: 60_000, interval: 500 }).toContain('Running');
}

/** What the same pipeline makes on this machine, where nothing goes wrong. */
async function locally(label: string, file: string, tasks: readonly string[]): Promise<unknown> {
  const laptop = await Rig.create();
  try {
    await laptop.ask('run', file, '--param', `label=${label}`);
    return await digestsOf(laptop, (await laptop.runs())[0]!, tasks);
  } finally {
    await laptop.remove();
  }
}

describe('what a step cannot do', () => {
  const cases = [
    { what: 'an image that is nowhere', file: 'strange', more: ['--patience', '5'], code: 'PW311', message: 'the image pipewright/stranger:000000000000 is not on the cluster', fix: 'npm run images', inArgo: 'pipewright/stranger' },
    { what: 'more memory than any node has', file: 'gigantic', more: ['--patience', '2'], code: 'PW311', message: 'Insufficient memory', fix: 'ask for less', inArgo: 'Insufficient memory' },
    { what: 'more memory than its limit', file: undefined, more: ['--param', 'mode=memory'], code: 'PW312', message: 'more memory than its limit of 96Mi', fix: 'resources: { memory', inArgo: 'OOMKilled' },
    { what: 'more time than it has', file: 'hasty', more: ['--param', 'seconds=600'], code: 'PW303', message: 'it may take 8 s', fix: 'longer timeout', inArgo: 'deadline' },
    { what: 'more disk than it may have', file: 'cramped', more: ['--param', 'mode=disk'], code: 'PW312', message: 'wrote more than 20Mi to the volume "tmp"', fix: 'sizeLimit', inArgo: 'exceeds the limit "20Mi"' },
    { what: 'a bucket that does not exist', file: 'bucketless', more: [], code: 'PW403', message: 'The bucket "there-is-no-such-bucket" at http://minio.minio.svc:9000 cannot be used: there is no such bucket', fix: 'Make the bucket, or correct', inArgo: 'there is no such bucket' },
    { what: 'wrong keys of the store', file: 'keyless', more: [], code: 'PW403', message: 'the server does not accept the credentials', fix: 'AWS_SECRET_ACCESS_KEY', inArgo: 'does not accept the credentials' },
    { what: 'a store that does not answer', file: 'storeless', more: [], code: 'PW403', message: 'The bucket "pipewright" at http://minio.minio.svc:9 cannot be used', fix: '.', inArgo: 'minio.minio.svc:9' },
    { what: 'data that it refuses', file: undefined, more: ['--param', 'mode=refuse'], code: 'PW503', message: 'is not fit for use', fix: 'Correct the source.', inArgo: 'PW503' },
  ];

  it.concurrent.each(cases)('$what: $code', async ({ file, more, code, message, fix, inArgo }) => {
    const hasLabel = file !== 'strange' && file !== 'gigantic';
    const { ended, workflow } = await begin(pipelineFile(file), ...(hasLabel ? ['--param', `label=${newLabel()}`] : []), ...more);
    const spoken = await ended;
    expect(spoken.code).toBe(1);
    const failed = (await runOf(rig, workflow)).tasks.find(({ status }) => status === 'Failed' || status === 'Error')!;
    expect(failed.reason).toMatchObject({ code, message: expect.stringContaining(message), fix: expect.stringContaining(fix) });
    expect(told(spoken)).toContain(`error ${code} ${failed.task}`);
    expect(told(spoken)).toContain(failed.reason!.message);
    const argo = messageOf(workflow);
    expect(argo.phase).toMatch(/Failed|Error/);
    expect(argo.message).toContain(inArgo);
    // Keys are in no line, whatever went wrong.
    expect(told(spoken)).not.toMatch(/AWS_SECRET_ACCESS_KEY=|not-the-right-key/);
  });

  it('a store whose disk is full is named within a minute, with what to do', async () => {
    await using _full = await fillStore();
    const began = Date.now();
    const { ended, workflow } = await begin(pipelineFile('storeFull'), '--param', `label=${newLabel()}`);
    const spoken = await ended;
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(spoken.code).toBe(1);
    const failed = await taskOf(rig, workflow, 'only');
    expect(failed.reason).toMatchObject({ code: 'PW403', message: expect.stringMatching(/^The task "only" cannot go on: the store has no space left: /), fix: expect.stringContaining('give MinIO a larger volume') });
    expect(told(spoken)).toContain(failed.reason!.message);
    // The step itself has met it before: what it made was handed on, and the store does not have it.
    expect(told(spoken)).toMatch(/PW403: The bucket "pipewright" at http:\/\/pwf-full\.minio\.svc:9000 cannot be used: the server has no space left[^]*→ Free some space on the server/);
    expect(messageOf(workflow).message).toMatch(/minimum free drive threshold|XMinioStorageFull|no space left/i);
    expect(told(spoken)).not.toContain(secretOf('pipewright', 'argo-artifacts')['secretKey']);
  });

  it('a namespace that is not there is named', async () => {
    const { code, stderr } = await rig.call('submit', pipelineFile('strange'), '--namespace', 'pwf-nowhere');
    expect(code).toBe(1);
    expect(stderr).toContain('error PW310');
    expect(stderr).toContain('pwf-nowhere');
  });
});

describe('a step whose pod is killed', () => {
  it('fails with the reason, and the next submit goes on from there', async () => {
    const label = newLabel();
    const words = [pipelineFile(), '--param', `label=${label}`, '--param', 'seconds=60'];
    const { ended, until, workflow } = await begin(...words);
    await until('second  … 6/60');
    await untilSeenAtWork(workflow, 'second');
    for (const pod of podsOf(workflow).filter((name) => name.includes('labour'))) kubectl('--namespace', NAMESPACE, 'delete', 'pod', pod, '--force', '--grace-period=0', '--wait=false');
    expect((await ended).code).toBe(1);
    expect(await taskOf(rig, workflow, 'second')).toMatchObject({ status: expect.stringMatching(/Failed|Error/), reason: { message: expect.stringContaining('pod was deleted') } });
    const again = await begin(...words);
    expect((await again.ended).code).toBe(0);
    expect(await taskOf(rig, again.workflow, 'first')).toMatchObject({ cached: true });
    expect(await digestsOf(rig, again.workflow, ['first', 'second', 'third'])).toEqual(await locally(label, pipelineFile(), ['first', 'second', 'third']));
  });

  it('is tried again where its author wants that', async () => {
    const label = newLabel();
    const { ended, until, workflow } = await begin(pipelineFile('patient'), '--param', `label=${label}`, '--param', 'seconds=60');
    await until('first  … 6/60');
    await untilSeenAtWork(workflow, 'first');
    kubectl('--namespace', NAMESPACE, 'delete', 'pod', podsOf(workflow)[0]!, '--force', '--grace-period=0', '--wait=false');
    expect((await ended).code).toBe(0);
    expect((await taskOf(rig, workflow, 'first')).attempts).toMatchObject([{ status: expect.stringMatching(/Failed|Error/), reason: { message: expect.stringContaining('pod was deleted') } }, { status: 'Succeeded' }]);
  });
});

describe('a part of the cluster that dies in the middle', () => {
  const tasks = ['first', 'second'];

  /** Kills something while the first step works; the run ends well, with the bytes that it always makes. */
  async function survive(kill: () => void, expected: readonly string[] = []): Promise<void> {
    const label = newLabel();
    const { ended, until, workflow } = await begin(pipelineFile('patient'), '--param', `label=${label}`, '--param', 'seconds=15');
    await until('first  │ begins with');
    kill();
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of expected) expect(stdout).toContain(text);
    expect(await digestsOf(rig, workflow, tasks)).toEqual(await locally(label, pipelineFile('patient'), tasks));
  }

  it("Argo's controller", () => survive(() => {
    kubectl('--namespace', 'argo', 'delete', 'pods', '--selector', 'app=workflow-controller', '--force', '--grace-period=0', '--wait=false');
  }));

  it('MinIO', async () => {
    await survive(() => {
      kubectl('--namespace', 'minio', 'delete', 'pods', '--selector', 'app=minio', '--force', '--grace-period=0', '--wait=false');
    });
    kubectl('--namespace', 'minio', 'rollout', 'status', 'deployment/minio', '--timeout=180s');
  });

  it('the API server', () => survive(() => {
    // The kubelet starts it again: it is a static pod.
    execFileSync('docker', ['exec', `${CLUSTER}-control-plane`, 'pkill', '-9', 'kube-apiserver']);
  }, ['The connection to the cluster is lost', 'The cluster answers again.']));

  it('a controller that does not come back is named, and the workflow begins when it does', async () => {
    kubectl('--namespace', 'argo', 'scale', 'deployment', 'workflow-controller', '--replicas=0');
    try {
      // Who carries out the scaling may itself be recovering from the test before.
      kubectl('--namespace', 'argo', 'wait', '--for=delete', 'pod', '--selector=app=workflow-controller', '--timeout=120s');
      const { ended, until } = await begin(pipelineFile('patient'), '--param', `label=${newLabel()}`);
      await until("Argo's controller does not run: its deployment is scaled to 0");
      kubectl('--namespace', 'argo', 'scale', 'deployment', 'workflow-controller', '--replicas=1');
      expect((await ended).code).toBe(0);
    } finally {
      kubectl('--namespace', 'argo', 'scale', 'deployment', 'workflow-controller', '--replicas=1');
      kubectl('--namespace', 'argo', 'rollout', 'status', 'deployment/workflow-controller', '--timeout=180s');
    }
  });
});
