import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../dsl/local/event.ts';
import { Rig } from '../cli/rig.ts';
import { digestsOf, loadImages, NAMESPACE, newLabel, pipelineFile, removeWorkflows, runOf, submit, taskOf } from './faulty/submitted.ts';
import { kubectl } from './kubectl.ts';

/* `submit`, `watch` and `stop` on a real cluster, and what they leave on this machine. */

const TASKS = ['first', 'second', 'third'] as const;
const label = newLabel();
const given = [pipelineFile(), '--param', `label=${label}`, '--param', 'seconds=2'] as const;
const made: string[] = [];

let laptop: Rig;
let other: Rig;
let workflow: string;
let printed: string;

beforeAll(async () => {
  loadImages();
  laptop = await Rig.create();
  other = await Rig.create();
  const submitted = await submit(laptop, [...given, '--pull', 'all']);
  workflow = submitted.workflow;
  made.push(workflow);
  const { code, stdout, stderr } = await submitted.ended;
  printed = stdout;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

afterAll(async () => {
  removeWorkflows(made);
  await laptop?.remove();
  await other?.remove();
});

describe('submit', () => {
  it('shows the steps at work, their logs and their progress', () => {
    for (const task of TASKS) expect(printed).toContain(`${task}  │ begins with ${label}`);
    expect(printed).toMatch(/second {2}… \d\/2/);
    expect(printed).not.toContain('argo=true');
    expect(printed).toMatch(/✓ pwf-chain succeeded in .*: 3 tasks, 3 worked/);
  });

  it('leaves a run folder as a local run does', async () => {
    const run = await runOf(laptop, workflow);
    expect(run).toMatchObject({ format: 'pipewright/run/1', id: workflow, pipeline: 'pwf-chain', status: 'Succeeded', executor: 'argo', parameters: { label, seconds: 2, mode: 'work' } });
    expect(run.tasks.map(({ task, status, attempts }) => `${task} ${status} ${attempts}`)).toEqual(TASKS.map((task) => `${task} Succeeded 1`));
    const second = await taskOf(laptop, workflow, 'second');
    expect(second).toMatchObject({ status: 'Succeeded', parameters: { label, seconds: 2 }, cache: { status: 'miss', because: { why: 'first' } }, fingerprint: expect.stringMatching(/^sha256:/) });
    expect(await readFile(laptop.path('.pipewright/runs', workflow, 'tasks/second/attempt-1.log'), 'utf8')).toBe(`begins with ${label}\n`);
    const events = (await readFile(laptop.path('.pipewright/runs', workflow, 'events.ndjson'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as RunEvent);
    expect(events.map((event) => ('task' in event ? `${event.kind} ${event.task}` : event.kind))).toEqual(['RunStarted', ...TASKS.flatMap((task) => ['TaskStarted', 'AttemptStarted', 'AttemptEnded', 'TaskEnded'].map((kind) => `${kind} ${task}`)), 'RunEnded']);
    expect(await readFile(laptop.path('.pipewright/runs', workflow, 'report.html'), 'utf8')).toContain('It wrote');
  });

  it('makes the same bytes as a local run', async () => {
    await other.ask('run', ...given);
    const [local] = await other.runs();
    expect(await digestsOf(laptop, workflow, TASKS)).toEqual(await digestsOf(other, local!, TASKS));
  });

  it('lets a run on this machine take what the cluster made', async () => {
    expect(await laptop.ask('run', ...given)).toMatch(/3 tasks, 3 cached/);
    expect(await laptop.ask('why', 'second')).toContain(`taken from run ${workflow}`);
  });

  it('is seen by the verbs that look back', async () => {
    expect(await laptop.ask('runs', 'list')).toContain(workflow);
    expect(await laptop.ask('runs', 'show', workflow)).toContain('It wrote');
    await laptop.ask('artifacts', 'get', `${workflow}/third/note`, '--to', 'note');
    expect(await readFile(laptop.path('note'), 'utf8')).toBe(`${label}\n`.repeat(3));
  });

  it('does no work a second time, and says whose it was', async () => {
    const again = await submit(other, given);
    made.push(again.workflow);
    const { code, stdout } = await again.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/3 tasks, 3 cached/);
    expect(stdout).toContain(`made by ${workflow}/second on `);
    expect(await taskOf(other, again.workflow, 'third')).toMatchObject({ cached: true, cache: { status: 'hit', run: workflow, task: 'third' } });
    expect(await digestsOf(other, again.workflow, TASKS)).toEqual(await digestsOf(laptop, workflow, TASKS));
  });
});

describe('watch', () => {
  it('follows what kubectl has created, from the beginning, in events for programs', async () => {
    const { metadata, spec } = JSON.parse(kubectl('--namespace', NAMESPACE, 'get', 'workflow', workflow, '--output', 'json')) as { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: object };
    const labels = Object.fromEntries(Object.entries(metadata.labels).filter(([key]) => key.startsWith('app.kubernetes.io/')));
    await laptop.write('template.json', JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowTemplate', metadata: { name: 'pwf-chain', labels }, spec }));
    kubectl('--namespace', NAMESPACE, 'apply', '--server-side', '--force-conflicts', '--filename', laptop.path('template.json'));
    const object = {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { generateName: 'pwf-by-hand-', labels },
      spec: { workflowTemplateRef: { name: 'pwf-chain' }, arguments: { parameters: [{ name: 'label', value: label }, { name: 'seconds', value: '2' }] } },
    };
    await laptop.write('workflow.json', JSON.stringify(object));
    const name = kubectl('--namespace', NAMESPACE, 'create', '--filename', laptop.path('workflow.json'), '--output', 'name').trim().split('/')[1]!;
    made.push(name);
    const text = await laptop.ask('watch', name, '--pipeline', pipelineFile(), '--output', 'ndjson');
    const events = text.trim().split('\n').map((line) => JSON.parse(line) as RunEvent);
    expect(events[0]).toMatchObject({ kind: 'RunStarted', run: name, parameters: { label, seconds: 2 } });
    expect(events.at(-1)).toMatchObject({ kind: 'RunEnded', status: 'Succeeded', cached: 3 });
    expect(events.filter(({ kind }) => kind === 'TaskEnded')).toMatchObject(TASKS.map((task) => ({ task, cached: { run: workflow, task } })));
  });

  it('tells the same of a run that is over', async () => {
    const text = await other.ask('watch', workflow, '--output', 'plain');
    expect(text).toMatch(/✓ pwf-chain succeeded/);
    expect(existsSync(other.path('.pipewright/runs', workflow, 'report.html'))).toBe(true);
    // Its pods still stand, so their logs are read; a further look does not empty them.
    const log = other.path('.pipewright/runs', workflow, 'tasks/second/attempt-1.log');
    const first = await readFile(log, 'utf8');
    expect(first).not.toBe('');
    await other.ask('watch', workflow, '--output', 'plain');
    expect(await readFile(log, 'utf8')).toBe(first);
  });

  it('says which workflow may have been meant', async () => {
    const { code, stderr } = await laptop.call('watch', `${workflow.slice(0, -1)}~`);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`Did you mean ${workflow}?`);
  });
});

describe('stop', () => {
  it('ends a run that somebody only looks at, and Ctrl-C does not', async () => {
    const submitted = await submit(laptop, [pipelineFile(), '--param', `label=${newLabel()}`, '--param', 'seconds=600']);
    made.push(submitted.workflow);
    await submitted.until('second  ● works');
    submitted.signal('SIGINT');
    const left = await submitted.ended;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain(`pipewright watch ${submitted.workflow}`);
    expect(left.stderr).toContain(`pipewright stop ${submitted.workflow}`);
    expect((await runOf(laptop, submitted.workflow)).status).toBe('Running');

    expect(await laptop.ask('stop', submitted.workflow)).toContain('is being stopped');
    const { code, stdout } = await laptop.call('watch', submitted.workflow);
    expect(code).toBe(130);
    expect(stdout).toContain('second  ■ cancelled');
    expect((await runOf(laptop, submitted.workflow)).status).toBe('Cancelled');
  });
});
