import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { artifact, defineContainerStep, t } from '../../dsl/contract/index.ts';
import { createBundler, createDockerExecutor } from '../../dsl/local/index.ts';
import { checked, newFolder, newRig, until } from '../local/rig.ts';
import { double } from '../local/steps/double/contract.ts';
import { docker, whyNoEngine } from './base-image.ts';

const IMAGE = 'pipewright-test/busybox:1';
const NODE_IMAGE = 'pipewright-test/node:1';
/** A statically linked program is all that these images hold: nothing is fetched from anywhere. */
const BUSYBOX = '/bin/busybox';

/** The images are made of busybox: a shell without a distribution. */
const reason = whyNoEngine() ?? (existsSync(BUSYBOX) ? undefined : `${BUSYBOX} is not there: apt-get install busybox-static`);
if (reason !== undefined) console.warn(`SKIPPED docker executor: ${reason}`);

/** Imports a file system made of busybox and, for TypeScript steps, of this Node with the libraries that it is linked to. */
function importImage(image: string, withNode: boolean): void {
  const root = mkdtempSync(join(tmpdir(), 'pipewright-image-'));
  for (const folder of ['bin', 'app', 'tmp']) mkdirSync(join(root, folder));
  copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
  execFileSync('chroot', [root, '/bin/busybox', '--install', '/bin']);
  if (withNode) {
    copyFileSync(process.execPath, join(root, 'bin/node'));
    const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/(\/[^ ]+) \(0x/g);
    for (const [, library] of libraries) {
      mkdirSync(join(root, library!, '..'), { recursive: true });
      copyFileSync(library!, join(root, library!));
    }
  }
  const archive = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1 << 28 });
  docker(['import', '--change', 'ENV PATH=/bin', '-', image], archive);
  rmSync(root, { recursive: true });
}

const inBox = defineContainerStep({
  name: 'in-box', image: IMAGE, parameters: { word: t.string() }, inputs: { file: artifact.optional(artifact.file()) }, outputs: { folder: artifact.directory() }, results: { said: t.string() },
  command: ({ parameter, input, output, result }) => ['sh', '-c', 'mkdir "$3"; cp "$2" "$3/copy" 2>/dev/null; echo "$1" > "$3/word"; echo "$1 $3 $TMPDIR $(id -u) $(pwd)" > "$4"', 'in-box', parameter('word'), input('file'), output('folder'), result('said')],
});
const box = (name: string, script: string, memory?: string) => defineContainerStep({ name, image: IMAGE, command: () => ['sh', '-c', script], ...(memory === undefined ? {} : { resources: { memory } }) });

describe.skipIf(reason !== undefined)('docker', () => {
  beforeAll(() => {
    importImage(IMAGE, false);
    importImage(NODE_IMAGE, true);
    return () => docker(['rmi', '--force', IMAGE, NODE_IMAGE]);
  });

  const left = (run: string): string => docker(['ps', '--all', '--quiet', '--filter', `label=pipewright.run=${run}`]).trim();
  async function newDockerRig() {
    const rig = await newRig();
    return { ...rig, docker: createDockerExecutor({ ...createBundler({ folder: rig.folder }), pull: 'never' }) };
  }

  it('gives a container its paths, its folder and its user, and takes what it wrote; the process executor finds that in the cache', async () => {
    const rig = await newDockerRig();
    const write = defineContainerStep({ name: 'write', image: IMAGE, outputs: { file: artifact.file() }, command: ({ output }) => ['sh', '-c', 'echo in > "$1"', 'write', output('file')] });
    const pipeline = checked('boxes', {}, ({ task }) => void task(inBox, { word: "it's \"odd\"", file: task(write, {}).file }));
    const ran = await rig.run(pipeline, { executor: rig.docker });
    expect([ran.status, ran.statuses]).toEqual(['Succeeded', { write: 'Succeeded', 'in-box': 'Succeeded' }]);
    expect((await ran.task('in-box')).results).toEqual({ said: `it's "odd" /pipewright/outputs/folder /pipewright/tmp ${process.getuid!()} /pipewright` });
    expect((await ran.task('in-box')).outputs['folder']).toMatchObject({ type: 'directory', files: 2 });
    expect(left(ran.id)).toBe('');
    expect((await rig.run(pipeline)).cached).toEqual(['write', 'in-box']);
  });

  it('runs the bundle of a TypeScript step in its image', async () => {
    const rig = await newDockerRig();
    const contract = { ...double.contract, image: NODE_IMAGE };
    const pipeline = checked('typescript', {}, ({ task }) => void task({ ...double, contract } as typeof double, { n: 21, text: 'x'.repeat(200_000) }));
    const boxed = await rig.run(pipeline, { executor: rig.docker });
    expect(boxed.tasks[0]).toMatchObject({ status: 'Succeeded' });
    expect((await boxed.task('double')).results).toEqual({ twice: 42 });
    const apart = await rig.run(pipeline, { cache: false });
    expect((await apart.task('double')).outputs).toEqual((await boxed.task('double')).outputs);
    expect((await apart.task('double')).fingerprint).toBe((await boxed.task('double')).fingerprint);
  });

  it('tells a step that failed from a container that could not be started', async () => {
    const rig = await newDockerRig();
    const ran = await rig.run(checked('ends', {}, ({ task }) => {
      task(box('fails', 'echo "last words" >&2; exit 3'), {});
      task(box('ends-like-docker', 'echo "no such thing" >&2; exit 127'), {});
      task(defineContainerStep({ name: 'no-program', image: IMAGE, command: () => ['/no/such/program'] }), {});
      task(defineContainerStep({ name: 'no-image', image: 'pipewright-test/absent:1', command: () => ['true'] }), {});
      task(box('greedy', 'dd if=/dev/zero of=/dev/null bs=200M count=1', '16Mi'), {});
    }), { executor: rig.docker });
    expect(ran.tasks.map(({ task, status, reason }) => [task, status, reason?.code])).toEqual([
      ['fails', 'Failed', 'PW301'], ['ends-like-docker', 'Failed', 'PW301'], ['no-program', 'Error', 'PW305'], ['no-image', 'Error', 'PW305'], ['greedy', 'Failed', 'PW301'],
    ]);
    expect(ran.tasks[0]!.reason!.message).toBe('The task "fails" ended with exit code 3. Its last words: last words');
    expect(left(ran.id)).toBe('');
  });

  it('ends containers at the timeout and when the run is stopped, deaf ones too', async () => {
    const rig = await newDockerRig();
    const stop = new AbortController();
    const running = rig.run(checked('stops', {}, ({ task }) => {
      const slow = task(box('slow', 'sleep 600'), {}, { timeout: '2s' });
      void slow;
      task(box('deaf', 'trap "" TERM; echo ready; while :; do sleep 1; done'), {});
    }), { executor: rig.docker, signal: stop.signal, maximumParallel: 2, onEvent: (event) => { if (event.kind === 'TaskEnded' && event.task === 'slow') stop.abort(); } });
    const ran = await running;
    expect(ran.statuses).toEqual({ slow: 'Failed', deaf: 'Cancelled' });
    expect(left(ran.id)).toBe('');
  });

  it('stops a container that is asked to end before it has begun', async () => {
    const rig = await newDockerRig();
    const stop = new AbortController();
    const ran = await rig.run(checked('early', {}, ({ task }) => void task(box('slow', 'sleep 600'), {})), {
      executor: rig.docker, signal: stop.signal, onEvent: ({ kind }) => { if (kind === 'AttemptStarted') setTimeout(() => stop.abort(), 5); },
    });
    expect(ran.statuses).toEqual({ slow: 'Cancelled' });
    await until(() => left(ran.id) === '');
  });
});

describe.skipIf(reason !== undefined)('a runner that is killed', () => {
  it('leaves no container behind', async () => {
    importImage(IMAGE, false);
    const home = await newFolder();
    await writeFile(join(home, 'pipeline.json'), JSON.stringify(checked('killed', {}, ({ task }) => void task(box('slow', 'sleep 600'), {}))));
    const driver = join(import.meta.dirname, '../local/kill-driver.ts');
    const runner = spawn(process.execPath, ['--import', 'tsx', driver, home, join(home, 'pipeline.json'), 'docker'], { stdio: 'ignore' });
    const running = (): string => docker(['ps', '--quiet', '--filter', 'label=pipewright.task=slow']).trim();
    await until(() => running() !== '');
    runner.kill('SIGKILL');
    await until(() => running() === '');
    docker(['rmi', '--force', IMAGE]);
  });
});

it('says PW904 when no engine answers, before a run exists', async () => {
  const rig = await newRig();
  const host = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = 'unix:///no/such/socket';
  const running = rig.run(checked('no-engine', {}, ({ task }) => void task(box('any', 'true'), {})), { executor: createDockerExecutor(createBundler({ folder: rig.folder })) });
  await expect(running).rejects.toMatchObject({ code: 'PW904' });
  if (host === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = host;
  expect(existsSync(join(rig.folder, 'runs'))).toBe(false);
});
