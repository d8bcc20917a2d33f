import { realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifact, defineContainerStep, t } from '../../dsl/contract/index.ts';
import { createInlineExecutor } from '../../dsl/local/index.ts';
import { dockerWords, quantityOf } from '../../dsl/local/executors/docker-words.ts';
import { checked, newRig, shell } from './rig.ts';
import { double } from './steps/double/contract.ts';
import { joinUp } from './steps/join-up/contract.ts';
import { patient } from './steps/patient/contract.ts';

describe('process', () => {
  it('gives a step an environment as small as a container\'s, its folder and a folder for temporary files', async () => {
    const rig = await newRig();
    process.env['SURPRISE'] = 'leak';
    const look = shell('look', 'env | cut -d= -f1 | sort | tr "\\n" " " > "$1"; echo >> "$1"; pwd >> "$1"; echo "$TMPDIR" >> "$1"; date +%Z >> "$1"', { results: { said: t.string() }, environment: ['WORD', 'UNSET'] });
    const ran = await rig.run(checked('look', {}, ({ task }) => void task(look, {})), { environment: { WORD: 'w', SURPRISE: 'leak' } });
    delete process.env['SURPRISE'];
    const [names, folder, temporary, zone] = String((await ran.task('look')).results['said']).split('\n');
    // The shell itself adds PWD.
    expect(names!.trim().split(' ')).toEqual(['HOME', 'PATH', 'PIPEWRIGHT_PROTOCOL', 'PWD', 'TMPDIR', 'TZ', 'WORD']);
    expect(folder).toBe(join(realpathSync(rig.folder), 'work', ran.id, 'look', '1'));
    expect([temporary, zone]).toEqual([join(rig.folder, 'work', ran.id, 'look', '1', 'tmp'), 'UTC']);
  });

  it('takes values of any length and content in a TypeScript step, and says what is too long for another', async () => {
    const rig = await newRig();
    const words = { long: 'x'.repeat(300_000), odd: "it's \"quoted\"\n--input=@/etc/passwd=\t€ $(rm) \\", dashes: '--help', at: '@/etc/passwd', empty: '' };
    const echo = shell('echo', 'printf "%s" "$1" > "$2"', { parameters: { word: t.string() }, outputs: { file: artifact.file() } });
    const ran = await rig.run(checked('words', {}, ({ task }) => {
      for (const [name, text] of Object.entries(words)) {
        task(double, { n: 1, text }, { name: `double-${name}` });
        task(echo, { word: text }, { name: `echo-${name}` });
      }
    }));
    const failed = ran.tasks.filter(({ status }) => status !== 'Succeeded');
    expect(failed.map(({ task, status, reason }) => [task, status, reason?.code])).toEqual([['echo-long', 'Error', 'PW305']]);
    expect(failed[0]!.reason!.message).toContain('too long');
    for (const [name, word] of Object.entries(words)) {
      if (name !== 'long') expect((await ran.task(`echo-${name}`)).outputs['file']!.size).toBe(Buffer.byteLength(word));
      expect((await ran.task(`double-${name}`)).outputs['note']!.size).toBe(`1 ${word.length}\n`.length);
    }
  });

  it('errs on words that no system can start', async () => {
    const rig = await newRig();
    const nul = defineContainerStep({ name: 'nul', image: 'x', command: () => ['sh', '-c', 'true \0'] });
    await mkdir(rig.folder);
    const file = join(rig.folder, 'plain-file');
    await writeFile(file, 'echo', { mode: 0o644 });
    const notExecutable = defineContainerStep({ name: 'not-executable', image: 'x', command: () => [file] });
    const ran = await rig.run(checked('unstartable', {}, ({ task }) => {
      task(nul, {});
      task(notExecutable, {});
    }));
    expect(ran.tasks.map(({ task, status, reason }) => [task, status, reason?.code])).toEqual([['nul', 'Error', 'PW305'], ['not-executable', 'Error', 'PW305']]);
    expect(ran.tasks[1]!.reason!.message).toContain('may not be executed');
  });

  it('tells a failure in the step\'s own words and with its own code', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('own-words', {}, ({ task }) => {
      for (const mode of ['throw', 'bad-data', 'forget-output'] as const) task(patient, { mode }, { name: mode, retry: { limit: 1 } });
      task(shell('killed', 'echo "about to die" >&2; kill -9 $$'), {});
    }));
    expect(ran.tasks.map(({ task, attempts, reason }) => [task, attempts, reason?.code, reason?.message])).toEqual([
      ['throw', 2, 'PW301', 'the cat sat on it'],
      ['bad-data', 1, 'PW503', 'Column "close" is empty.'],
      ['forget-output', 2, 'PW302', 'The step "patient" did not return its result "said".'],
      ['killed', 1, 'PW301', 'The task "killed" was ended by SIGKILL, perhaps because memory ran out. Its last words: about to die'],
    ]);
  });
});

describe('inline', () => {
  it('does the same in this process, with the same results', async () => {
    const rig = await newRig();
    const numbers = checked('numbers', {}, ({ forEach, task }) => {
      const each = forEach([1, 2], (n, { task }) => task(double, { n }));
      task(joinUp, { numbers: each.twice, notes: each.note });
    });
    const inline = await rig.run(numbers, { executor: createInlineExecutor(), cache: false });
    const apart = await rig.run(numbers, { cache: false });
    expect([inline.status, inline.statuses]).toEqual([apart.status, apart.statuses]);
    expect((await inline.task('join-up')).outputs).toEqual((await apart.task('join-up')).outputs);
    expect(inline.events.filter((event) => event.kind === 'LogLine').map(({ line }) => line).sort()).toEqual(['doubling 1', 'doubling 2']);
  });

  it('refuses steps in other languages unless another executor takes them', async () => {
    const rig = await newRig();
    const pipeline = checked('other', {}, ({ task }) => void task(shell('ok', 'true'), {}));
    const refused = await rig.run(pipeline, { executor: createInlineExecutor() });
    expect(refused.tasks[0]).toMatchObject({ status: 'Error', reason: { code: 'PW305', message: expect.stringContaining('cannot run inline') } });
    expect((await rig.run(pipeline, { executor: createInlineExecutor({ commands: rig.options.executor }) })).status).toBe('Succeeded');
  });

  it('tells failures, gives declared variables only, and lets go of a step that does not stop', async () => {
    const rig = await newRig({ executor: createInlineExecutor() });
    const ran = await rig.run(checked('ends', {}, ({ task }) => {
      task(patient, { mode: 'bad-data' }, { name: 'bad', retry: { limit: 3 } });
      task(patient, { mode: 'wait' }, { name: 'slow', timeout: '0.1s' });
    }));
    expect(ran.tasks.map(({ task, status, attempts, reason }) => [task, status, attempts, reason?.code])).toEqual([['bad', 'Failed', 1, 'PW503'], ['slow', 'Failed', 1, 'PW303']]);
  });
});

describe('docker', () => {
  it('is started with the words of the pod, the limits of the step and its folder', () => {
    const words = dockerWords({
      container: 'c', image: 'image:1', words: ['sh', '-c', 'true'], mounts: [{ from: '/a,b/"c"', to: '/pipewright', readOnly: false }, { from: '/m', to: '/app/main.mjs', readOnly: true }],
      environment: { A: 'x=y' }, secrets: ['KEY'], resources: { cpu: '100m', memory: '64Mi', limits: { cpu: '1500m' } }, labels: { 'pipewright.run': 'r' }, user: '1:2', pull: 'never', network: undefined,
    });
    expect(words).toEqual([
      'docker', 'run', '--rm', '--init', '--name', 'c', '--user', '1:2', '--workdir', '/pipewright', '--pull=never',
      '--mount', 'type=bind,"source=/a,b/""c""",target=/pipewright', '--mount', 'type=bind,source=/m,target=/app/main.mjs,readonly',
      '--env', 'A=x=y', '--env', 'KEY', '--label', 'pipewright.run=r', '--memory', '67108864', '--cpus', '1.5', '--entrypoint', 'sh', 'image:1', '-c', 'true',
    ]);
  });

  it('reads Kubernetes\' quantities', () => {
    expect(['2', '500m', '1.5', '1k', '1Ki', '2Gi', '3T'].map(quantityOf)).toEqual([2, 0.5, 1.5, 1000, 1024, 2147483648, 3e12]);
    expect(() => quantityOf('lots')).toThrow(RangeError);
  });
});
