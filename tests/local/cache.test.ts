import { spawnSync } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifact, t } from '../../dsl/contract/index.ts';
import { describeChange, describeMiss, explain, type Change, type CacheRecord, type Miss } from '../../dsl/local/index.ts';
import { digestOf } from '../../dsl/util/index.ts';
import { checked, newFolder, newRig, shell, type Ran } from './rig.ts';

const write = shell('write', 'echo "$1" > "$2"', { parameters: { word: t.string() }, outputs: { file: artifact.file() } });
const size = shell('size', 'wc -c < "$1" | tr -d " " > "$2"', { inputs: { file: artifact.file() }, results: { bytes: t.integer() } });
const folder = shell('folder', 'mkdir -p "$1/deep"; echo a > "$1/a"; echo b > "$1/deep/b"', { outputs: { folder: artifact.directory() } });
const pair = checked('pair', { word: t.string({ default: 'one' }) }, ({ params, task }) => void task(size, { file: task(write, { word: params.word }).file }));

const because = (ran: Ran, task: string): Miss | undefined => ran.events.find((event) => event.kind === 'TaskStarted' && event.task === task && 'because' in event)?.['because' as never];

describe('taking outputs from an earlier run', () => {
  it('needs the same parameters, inputs and code, and says which of them changed', async () => {
    const rig = await newRig();
    const first = await rig.run(pair);
    expect([first.cached, because(first, 'write'), because(first, 'size')]).toEqual([[], { why: 'first' }, { why: 'first' }]);

    const second = await rig.run(pair);
    expect(second.cached).toEqual(['write', 'size']);
    expect((await second.task('size')).results).toEqual({ bytes: 4 });
    expect((await second.task('size')).cache).toMatchObject({ status: 'hit', run: first.id, task: 'size' });
    expect(second.events.find((event) => event.kind === 'TaskEnded' && event.task === 'write')).toMatchObject({ cached: { run: first.id, task: 'write' } });

    const third = await rig.run(pair, { parameters: { word: 'two' } });
    expect(third.cached).toEqual([]);
    expect(because(third, 'write')).toEqual({ why: 'changed', since: second.id, changes: [{ what: 'parameter', name: 'word', before: 'one', after: 'two' }] });
    expect(because(third, 'size')).toMatchObject({ why: 'changed', changes: [{ what: 'input', name: 'file', before: digestOf('one\n'), after: digestOf('two\n') }] });

    const otherCode = await rig.run(pair, { code: async ({ name }) => digestOf(`new ${name}`) });
    expect(because(otherCode, 'write')).toMatchObject({ why: 'changed', since: third.id, changes: [{ what: 'code' }, { what: 'parameter' }] });

    const back = await rig.run(pair);
    expect(back.cached).toEqual(['write', 'size']);
  });

  it('does not depend on the name of the task, the run or the pipeline', async () => {
    const rig = await newRig();
    await rig.run(pair);
    const other = checked('other-pipeline', {}, ({ task }) => void task(write, { word: 'one' }, { name: 'renamed' }));
    expect((await rig.run(other)).cached).toEqual(['renamed']);
  });

  it('counts the variables that a step declares, and no others; values are never written down', async () => {
    const rig = await newRig();
    const step = shell('secretive', 'echo "$TOKEN" | wc -c | tr -d " " > "$1"', { results: { n: t.integer() }, environment: ['TOKEN'] });
    const pipeline = checked('secretive', {}, ({ task }) => void task(step, {}));
    const first = await rig.run(pipeline, { environment: { TOKEN: 'hunter2', OTHER: 'a' } });
    expect((await first.task('secretive')).results).toEqual({ n: 8 });
    expect((await rig.run(pipeline, { environment: { TOKEN: 'hunter2', OTHER: 'b' } })).cached).toEqual(['secretive']);
    const changed = await rig.run(pipeline, { environment: { TOKEN: 'hunter3' } });
    expect(because(changed, 'secretive')).toMatchObject({ why: 'changed', changes: [{ what: 'environment', name: 'TOKEN', before: digestOf('hunter2'), after: digestOf('hunter3') }] });
    expect(because(await rig.run(pipeline, { environment: {} }), 'secretive')).toMatchObject({ changes: [{ what: 'environment', name: 'TOKEN', after: null }] });
    // 1 is grep's word for "not found"; the log of the run's own events is among the files.
    expect(spawnSync('grep', ['-r', 'hunter', join(rig.folder, '..')]).status).toBe(1);
    expect(spawnSync('grep', ['-r', 'secretive', join(rig.folder, '..')]).status).toBe(0);
  });

  it('works again when an artifact is gone from the store, a file of a folder too', async () => {
    const rig = await newRig();
    const pipeline = checked('lost', {}, ({ task }) => void task(folder, {}));
    const first = await rig.run(pipeline);
    const object = rig.store.objectPath(digestOf('b\n'));
    await chmod(object, 0o644);
    await rm(object);
    const second = await rig.run(pipeline);
    expect([second.cached, because(second, 'folder')]).toEqual([[], { why: 'lost', missing: ['folder'] }]);
    expect((await second.task('folder')).outputs).toEqual((await first.task('folder')).outputs);
    expect((await rig.run(pipeline)).cached).toEqual(['folder']);
  });

  it('works again when a record is damaged', async () => {
    const rig = await newRig();
    const pipeline = checked('damaged', {}, ({ task }) => void task(write, { word: 'x' }));
    await rig.run(pipeline);
    const [key] = await rig.store.listRecords('cache/');
    await rig.store.writeRecord(key!, '{"format":"pipewright/cache/1"');
    expect((await rig.run(pipeline)).cached).toEqual([]);
    expect((await rig.run(pipeline)).cached).toEqual(['write']);
  });

  it('errs with the store\'s own words when an input is damaged', async () => {
    const rig = await newRig();
    await rig.run(checked('whole', {}, ({ task }) => void task(write, { word: 'x' })));
    const object = rig.store.objectPath(digestOf('x\n'));
    await chmod(object, 0o644);
    await writeFile(object, 'y\n');
    const ran = await rig.run(checked('whole', {}, ({ task }) => void task(size, { file: task(write, { word: 'x' }).file })));
    expect(ran.statuses).toEqual({ write: 'Succeeded', size: 'Error' });
    expect(ran.tasks[1]!.reason).toMatchObject({ code: 'PW401' });
  });

  it('writes a record of what a step made, from what, when and how long', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('record', {}, ({ task }) => void task(write, { word: 'x' })));
    const [key] = await rig.store.listRecords('cache/');
    const record = JSON.parse((await rig.store.readRecord(key!))!) as CacheRecord;
    expect(key).toBe(`cache/${record.fingerprint.replace(':', '-')}.json`);
    expect(record).toMatchObject({ format: 'pipewright/cache/1', run: ran.id, task: 'write', results: {}, parts: { parameters: { word: 'x' } }, outputs: { file: { type: 'file', digest: digestOf('x\n') } } });
    expect((await ran.task('write')).fingerprint).toBe(record.fingerprint);
  });

  it('keeps nothing of a step that failed', async () => {
    const rig = await newRig();
    const pipeline = checked('fails', {}, ({ task }) => void task(shell('fails', 'echo x > "$1"; exit 1', { outputs: { file: artifact.file() } }), {}));
    await rig.run(pipeline);
    expect(await rig.store.listRecords('cache/')).toEqual([]);
    expect(because(await rig.run(pipeline), 'fails')).toMatchObject({ why: 'unrecorded' });
  });

  it('can be turned off for a task, for reading and for writing', async () => {
    const rig = await newRig();
    const never = checked('never', {}, ({ task }) => void task(write, { word: 'x' }, { cache: false }));
    await rig.run(never);
    expect(await rig.store.listRecords('cache/')).toEqual([]);
    expect(because(await rig.run(never), 'write')).toEqual({ why: 'off' });
    const pipeline = checked('sometimes', {}, ({ task }) => void task(write, { word: 'y' }));
    await rig.run(pipeline, { cache: 'read' });
    await rig.run(pipeline, { cache: false });
    expect(await rig.store.listRecords('cache/')).toEqual([]);
    await rig.run(pipeline, { cache: 'write' });
    expect(await rig.store.listRecords('cache/')).toHaveLength(1);
    expect((await rig.run(pipeline, { cache: 'write' })).cached).toEqual([]);
    expect((await rig.run(pipeline, { cache: 'read' })).cached).toEqual(['write']);
  });
});

describe('twins in one run', () => {
  const counted = shell('counted', 'echo x >> "$COUNTER"; sleep 0.1; test "$1" = good && echo "$1" > "$2"', { parameters: { word: t.string() }, outputs: { file: artifact.file() }, environment: ['COUNTER'] });
  const twins = checked('twins', { word: t.string() }, ({ params, forEach }) => void forEach([1, 2, 3, 4], (_n, { task }) => void task(counted, { word: params.word })));
  const worked = async (counter: string): Promise<number> => (await readFile(counter, 'utf8')).trim().split('\n').length;

  it('work once: the others wait and take its outputs', async () => {
    const rig = await newRig({ maximumParallel: 4 });
    const counter = join(await newFolder(), 'counter');
    const ran = await rig.run(twins, { parameters: { word: 'good' }, environment: { COUNTER: counter } });
    expect([ran.status, ran.cached.length, await worked(counter)]).toEqual(['Succeeded', 3, 1]);
    const digests = await Promise.all([0, 1, 2, 3].map(async (n) => (await ran.task(`counted(${n})`)).outputs['file']!.digest));
    expect(new Set(digests)).toEqual(new Set([digestOf('good\n')]));
  });

  it('share what one made even when nothing is kept', async () => {
    const rig = await newRig({ maximumParallel: 4 });
    const counter = join(await newFolder(), 'counter');
    const ran = await rig.run(twins, { parameters: { word: 'good' }, environment: { COUNTER: counter }, cache: 'read' });
    expect([ran.status, ran.cached.length, await worked(counter)]).toEqual(['Succeeded', 3, 1]);
    expect(await rig.store.listRecords('cache/')).toEqual([]);
  });

  it('each try for themselves when one fails', async () => {
    const rig = await newRig({ maximumParallel: 4 });
    const counter = join(await newFolder(), 'counter');
    const ran = await rig.run(twins, { parameters: { word: 'bad' }, environment: { COUNTER: counter } });
    expect([Object.values(ran.statuses), await worked(counter)]).toEqual([['Failed', 'Failed', 'Failed', 'Failed'], 4]);
  });
});

it('two runs at once on one folder and store do not disturb each other', async () => {
  const rig = await newRig();
  const runs = await Promise.all(['a', 'a', 'b'].map((word) => rig.run(pair, { parameters: { word } })));
  expect(runs.map(({ status }) => status)).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(3);
  expect((await rig.run(pair, { parameters: { word: 'b' } })).cached).toEqual(['write', 'size']);
});

describe('explain', () => {
  it('tells of each task whether it worked and what had changed, past runs that did not come to it', async () => {
    const rig = await newRig();
    const guarded = checked('guarded', { word: t.string({ default: 'one' }), fail: t.boolean({ default: false }) }, ({ params, task }) => {
      const gate = task(shell('gate', 'test "$1" = false', { parameters: { fail: t.boolean() } }), { fail: params.fail });
      task(write, { word: params.word }, { after: [gate] });
    });
    const first = await rig.run(guarded);
    const failed = await rig.run(guarded, { parameters: { fail: true, word: 'two' } });
    const third = await rig.run(guarded, { parameters: { word: 'two' } });
    expect(await explain({ folder: rig.folder, run: failed.id, task: 'write' })).toMatchObject([{ status: 'Omitted', cache: { status: 'unasked' }, changes: [] }]);
    const [write2] = await explain({ folder: rig.folder, run: third.id, task: 'write' });
    expect(write2).toMatchObject({ task: 'write', status: 'Succeeded', cache: { status: 'miss' }, previousRun: first.id, changes: [{ what: 'parameter', name: 'word', before: 'one', after: 'two' }] });
    const all = await explain({ folder: rig.folder, run: third.id.slice(-4) });
    expect(all.map(({ task, cache, previousRun }) => [task, cache.status, previousRun])).toEqual([['gate', 'hit', failed.id], ['write', 'miss', first.id]]);
  });

  it('finds all instances of a node, and helps with a wrong name', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('loop', {}, ({ forEach }) => void forEach(['a', 'b'], (word, { task }) => void task(write, { word }))));
    expect((await explain({ folder: rig.folder, run: ran.id, task: 'write' })).map(({ task }) => task)).toEqual(['write(0)', 'write(1)']);
    expect((await explain({ folder: rig.folder, run: ran.id, task: 'write(1)' })).map(({ task }) => task)).toEqual(['write(1)']);
    await expect(explain({ folder: rig.folder, run: ran.id, task: 'writ' })).rejects.toMatchObject({ issues: [{ code: 'PW903', fix: 'Did you mean "write"?' }] });
    await expect(explain({ folder: rig.folder, run: '2020' })).rejects.toMatchObject({ issues: [{ code: 'PW903' }] });
  });
});

it('says changes and misses in words', () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}` as ReturnType<typeof digestOf>;
  const changes: readonly Change[] = [
    { what: 'parameter', name: 'rate', before: 0.1, after: 0.2 },
    { what: 'code', before: digest('a'), after: digest('b') },
    { what: 'input', name: 'pages', before: null, after: [digest('c'), digest('d')] },
    { what: 'environment', name: 'TOKEN', before: digest('e'), after: null },
  ];
  expect(changes.map(describeChange)).toEqual([
    'parameter rate: 0.1 → 0.2', 'code: aaaaaaaaaaaa → bbbbbbbbbbbb', 'input pages: none → 2 artifacts', 'environment TOKEN: it is no longer set',
  ]);
  expect(describeMiss({ why: 'changed', since: 'r1', changes: changes.slice(0, 1) })).toBe('changed since r1: parameter rate: 0.1 → 0.2');
  expect(describeMiss({ why: 'lost', missing: ['a', 'b'] })).toBe('a and b are no longer in the store');
});
