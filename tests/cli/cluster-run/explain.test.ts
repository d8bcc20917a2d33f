import { describe, expect, it } from 'vitest';
import { explainApiError, isPassing } from '../../../cli/cluster-run/explain-api.ts';
import { explainNode, isHopeless, type Symptoms } from '../../../cli/cluster-run/explain-node.ts';
import { nodesByName } from '../../../cli/cluster-run/workflow.ts';
import { readRecorded } from './story.ts';

/** Of a workflow with one pod, as the controller left it. */
function symptomsOf(name: string): Symptoms {
  const workflow = readRecorded('faults').find(({ metadata }) => metadata.name === `sw-${name}`)!;
  const node = nodesByName(workflow).get(`sw-${name}.work`)!;
  const code = node.outputs?.exitCode;
  return { task: 'work', message: node.message ?? '', memory: '20Mi', timeoutSeconds: 8, ...(code === undefined ? {} : { exitCode: Number(code) }) };
}

const explain = (name: string) => explainNode(symptomsOf(name));

describe('what real pods came to grief of', () => {
  it.each([
    ['image', 'PW311', 'the image pipewright/train:000000000000 is not on the cluster', 'npm run images'],
    ['image-never', 'PW311', 'the image pipewright/train:000000000000 is not on the cluster', 'npm run images'],
    ['unschedulable', 'PW311', 'no node has room for its pod: 0/1 nodes are available: 1 Insufficient memory', 'ask for less'],
    ['account', 'PW311', 'the service account "nobody" does not exist', 'manifests/cluster'],
    ['secret', 'PW311', 'the Secret "absent" does not exist', 'cluster:up'],
    ['quota2', 'PW311', 'the quota "small" of the namespace is used up: it asks for pods=1, pods=0 of pods=0 are taken', 'raise the quota'],
    ['pss2', 'PW311', 'the namespace\'s Pod Security Standard "restricted:latest" refuses the pod: allowPrivilegeEscalation != false', 'Take out'],
    ['oom', 'PW312', 'The task "work" took more memory than its limit of 20Mi', 'resources: { memory'],
    ['disk', 'PW312', 'The task "work" wrote more than 10Mi to the volume "scratch"', 'sizeLimit'],
    ['timeout', 'PW303', 'The task "work" ran out of time: it may take 8 s', 'longer timeout'],
    ['bucket', 'PW403', 'the bucket of the artifacts does not exist', 'cluster:up'],
    ['keys', 'PW403', 'the store does not accept the keys', 'cluster:up'],
    ['input', 'PW402', 'an artifact that it reads is not in the store', 'run again'],
    ['output', 'PW302', 'did not write an output', 'Write it'],
    ['command', 'PW305', 'its image has no program /no/such/program', 'command'],
  ])('%s: %s', (name, code, message, fix) => {
    const reason = explain(name)!;
    expect(reason.code).toBe(code);
    expect(reason.message).toContain(message);
    expect(reason.message).toMatch(/^The task "work" /);
    expect(`${reason.message} ${reason.fix}`).not.toMatch(/\n|\.\.|undefined|;\./);
    expect(reason.fix).toContain(fix);
  });

  it('gives up only what cannot start', () => {
    const names = ['image', 'unschedulable', 'secret', 'oom', 'timeout', 'bucket'];
    expect(names.map((name) => isHopeless(explain(name)!))).toEqual([true, true, true, false, false, false]);
  });

  it('reads what a mounted volume lacks from the kubelet\'s warning', () => {
    const message = 'MountVolume.SetUp failed for volume "exec-sa-token" : secret "pipewright-step.service-account-token" not found';
    expect(explainNode({ task: 'work', message })).toMatchObject({ code: 'PW311', message: expect.stringContaining('the Secret "pipewright-step.service-account-token" does not exist') });
  });

  it('calls an image the same, whoever speaks of it', () => {
    const messages = ['ImagePullBackOff: Back-off pulling image "pipewright/train:0123"', 'ErrImagePull: failed to pull and unpack image "docker.io/pipewright/train:0123": failed', 'Failed to pull image "pipewright/train:0123": no such host'];
    expect(new Set(messages.map((message) => explainNode({ task: 'work', message })!.message)).size).toBe(1);
  });

  it('lets a step speak for itself', () => {
    expect(explainNode({ task: 'work', message: 'main: Error (exit code 64): PW503: Too few days.', exitCode: 64 })).toMatchObject({ code: 'PW503', message: 'Too few days.' });
    const told = { code: 'PW503', message: 'Too few days.', fix: 'Take more.' } as const;
    expect(explainNode({ task: 'work', message: 'main: Error (exit code 64)', exitCode: 64, told })).toBe(told);
  });

  it('has nothing to say of a pod that only waits for its turn', () => {
    for (const message of ['', 'PodInitializing', 'ContainerCreating']) expect(explainNode({ task: 'work', message })).toBeUndefined();
  });

  it('passes on words that it does not know', () => {
    expect(explainNode({ task: 'work', message: 'the moon was full' })).toEqual({ code: 'PW301', message: 'The task "work" did not succeed: the moon was full.', fix: 'Look at its pod: kubectl describe pod.' });
  });
});

describe('what an API server refuses', () => {
  const asked = { what: 'create the workflow', context: 'kind-pipewright', server: 'https://127.0.0.1:6443', namespace: 'pipewright' };
  const answer = (code: number, message: string) => Object.assign(new Error('HTTP-Code'), { code, body: JSON.stringify({ kind: 'Status', message }) });
  it.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'does not answer at https://127.0.0.1:6443'],
    [Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'is not trusted'],
    [answer(401, 'Unauthorized'), 'does not know who asks'],
    [answer(403, 'workflows.argoproj.io is forbidden: User "eve" cannot create resource "workflows"'), 'does not allow you to create the workflow: workflows.argoproj.io is forbidden: User "eve"'],
    [Object.assign(new Error('x'), { code: 404, body: '404 page not found\n' }), 'Argo Workflows is not installed'],
    [answer(404, 'the server could not find the requested resource'), 'Argo Workflows is not installed'],
    [answer(404, 'namespaces "pipewright" not found'), 'has no namespace "pipewright"'],
    [answer(422, 'spec.templates: Invalid value'), 'refused to create the workflow: spec.templates: Invalid value'],
  ])('%#', (error, message) => {
    const explained = explainApiError(error, asked);
    expect(explained).toMatchObject({ issues: [{ code: 'PW310', message: expect.stringContaining(message), fix: expect.stringMatching(/\.$/) }] });
  });

  it('is worth another try when the server is away or overrun', () => {
    const passing = [Object.assign(new Error(''), { code: 'ECONNRESET' }), answer(503, ''), answer(429, ''), new Error('Premature close')];
    const lasting = [answer(403, ''), answer(404, ''), Object.assign(new Error(''), { code: 'ENOTFOUND' })];
    expect([passing.map(isPassing), lasting.map(isPassing)]).toEqual([[true, true, true, true], [false, false, false]]);
  });
});
