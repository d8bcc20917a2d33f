import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { artifact, t, type Port } from '../../dsl/contract/index.ts';
import { format } from '../../dsl/build/index.ts';
import type { RunEvent } from '../../dsl/local/index.ts';
import { parseManifest } from '../../store/index.ts';
import { checked, newRig, shell } from './rig.ts';
import { double } from './steps/double/contract.ts';
import { joinUp } from './steps/join-up/contract.ts';

const ok = shell('ok', 'true');
const bad = shell('bad', 'exit 3');
const say = shell('say', 'printf "%s\\n" "$1" > "$2"', { parameters: { word: t.string() }, results: { said: t.string() } });
const write = shell('write', 'printf "%s\\n" "$1" > "$2"', { parameters: { word: t.string() }, outputs: { file: artifact.file() } });
const flag = shell('flag', 'echo "$1" > "$2"', { parameters: { value: t.boolean() }, results: { value: t.boolean() } });

describe('data', () => {
  it('goes from TypeScript steps through results, artifacts, collections and optional inputs', async () => {
    const rig = await newRig();
    const numbers = checked('numbers', { list: t.list(t.integer(), { default: [5, 6, 7] }) }, ({ params, forEach, task }) => {
      const each = forEach(params.list, (n, { task }) => task(double, { n }), { name: 'each' });
      const extra = task(write, { word: 'more' });
      task(joinUp, { numbers: each.twice, notes: each.note, extra: extra.file }, { name: 'with-extra' });
      task(joinUp, { numbers: each.twice, notes: each.note }, { name: 'without' });
    });
    const ran = await rig.run(numbers);
    expect(ran.status).toBe('Succeeded');
    const joined = await ran.task('with-extra');
    expect(joined.results).toEqual({ sum: 36, pages: 3 });
    const book = joined.outputs['book']!;
    const files = parseManifest(await text(await rig.store.getObject(book.digest)), book.digest);
    expect(files.map(({ path }) => path)).toEqual(['extra.txt', 'pages.txt']);
    expect(await text(await rig.store.getObject(files[1]!.digest))).toBe('5 0\n6 0\n7 0\n');
    expect((await ran.task('without')).inputs['extra']).toBeNull();
    expect((await ran.task('without')).outputs['book']!.files).toBe(1);
  });

  it('gives a collection as a folder that any program lists in the order of the items', async () => {
    const rig = await newRig();
    const list = shell('list', 'ls "$1" | tr "\\n" " " > "$2"; cat "$1"/* >> "$2"', { inputs: { files: artifact.many(artifact.file()) }, results: { said: t.string() } });
    const ran = await rig.run(checked('collection', {}, ({ forEach, task }) => {
      const files = forEach(Array.from({ length: 11 }, (_, n) => `w${n}`), (word, { task }) => task(write, { word }).file);
      task(list, { files });
    }));
    const names = Array.from({ length: 11 }, (_, n) => String(n).padStart(6, '0'));
    expect((await ran.task('list')).results).toEqual({ said: `${names.join(' ')} ${Array.from({ length: 11 }, (_, n) => `w${n}\n`).join('').trimEnd()}` });
  });

  it('gives each attempt copies: a step that changes its input harms nobody', async () => {
    const rig = await newRig();
    const spoil = shell('spoil', 'chmod u+w "$1"; echo spoilt > "$1"; cat "$1" > "$2"', { inputs: { file: artifact.file() }, results: { read: t.string() } });
    const read = shell('read', 'cat "$1" > "$2"', { inputs: { file: artifact.file() }, results: { read: t.string() } });
    const ran = await rig.run(checked('copies', {}, ({ task }) => {
      const { file } = task(write, { word: 'whole' });
      const first = task(spoil, { file });
      task(read, { file }, { after: [first] });
    }));
    expect((await ran.task('read')).results).toEqual({ read: 'whole' });
  });

  it('evaluates expressions in parameters', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('expressions', { n: t.integer({ default: 7 }) }, ({ params, task }) => {
      task(say, { word: format`half of ${params.n} is ${params.n.dividedBy(2)}` });
    }));
    expect((await ran.task('say')).results).toEqual({ said: 'half of 7 is 3.5' });
  });
});

describe('statuses', () => {
  it('omits what depends on a failure, however deep, and completes the rest', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('failing', {}, ({ task, when, forEach }) => {
      const first = task(bad, {});
      const second = task(ok, {}, { name: 'second', after: [first] });
      when(task(flag, { value: true }, { name: 'flag-2', after: [second] }).value, ({ task }) => void task(ok, {}, { name: 'inner' }), { name: 'group' });
      forEach([1, 2], (_n, { task }) => void task(ok, {}, { name: 'looped' }), { name: 'loop', after: [second] });
      task(ok, {}, { name: 'last', after: [task(ok, {}, { name: 'independent' })] });
    }));
    expect(ran.status).toBe('Failed');
    expect(ran.statuses).toEqual({ bad: 'Failed', second: 'Omitted', 'flag-2': 'Omitted', inner: 'Omitted', looped: 'Omitted', independent: 'Succeeded', last: 'Succeeded' });
    expect(ran.tasks[0]!.reason).toMatchObject({ code: 'PW301', message: 'The task "bad" ended with exit code 3.' });
  });

  it('tells a program that failed from one that could not be started', async () => {
    const rig = await newRig();
    const { defineContainerStep } = await import('../../dsl/contract/index.ts');
    const absent = defineContainerStep({ name: 'absent', image: 'x', command: () => ['no-such-program-at-all'] });
    const ran = await rig.run(checked('absent', {}, ({ task }) => {
      task(ok, {}, { name: 'next', after: [task(absent, {})] });
    }));
    expect(ran.status).toBe('Error');
    expect(ran.statuses).toEqual({ absent: 'Error', next: 'Omitted' });
    expect(ran.tasks[0]!.reason).toMatchObject({ code: 'PW305', message: expect.stringContaining('no-such-program-at-all'), fix: expect.stringContaining('--executor docker') });
  });

  it('skips a branch with all that is in it, and runs what comes after', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('skipping', {}, ({ task, when }) => {
      const value = task(flag, { value: false }).value;
      const group = when(value, ({ task, when }) => {
        const inner = task(say, { word: 'yes' });
        when(inner.said.equals('yes'), ({ task }) => void task(ok, {}, { name: 'innermost' }));
        return { said: inner.said };
      });
      const both = when(value, ({ task }) => task(say, { word: 'A' }, { name: 'a' }).said, { name: 'choice', otherwise: ({ task }) => task(say, { word: 'B' }, { name: 'b' }).said });
      task(say, { word: format`${group.said.orElse('nothing')} ${both}` }, { name: 'after' });
    }));
    expect(ran.status).toBe('Succeeded');
    expect(ran.statuses).toEqual({ flag: 'Succeeded', say: 'Skipped', innermost: 'Skipped', a: 'Skipped', b: 'Succeeded', after: 'Succeeded' });
    expect((await ran.task('after')).results).toEqual({ said: 'nothing B' });
  });

  it('skips a loop over an empty list, whose collections are empty', async () => {
    const rig = await newRig();
    const count = shell('count', 'ls "$2" | wc -l | tr -d " " > "$3"; echo "$1" >> "$3"', {
      parameters: { words: t.list(t.string()) }, inputs: { files: artifact.many(artifact.file()) }, results: { said: t.string() },
    });
    const ran = await rig.run(checked('empty', { list: t.list(t.string(), { default: [] }) }, ({ params, forEach, task }) => {
      const each = forEach(params.list, (word, { task }) => ({ said: task(say, { word }).said, file: task(write, { word }).file }), { name: 'each' });
      task(count, { words: each.said, files: each.file });
    }));
    expect(ran.statuses).toEqual({ say: 'Skipped', write: 'Skipped', count: 'Succeeded' });
    expect((await ran.task('count')).results).toEqual({ said: '0\n[]' });
  });

  it('fails a loop when an item fails, after the other items are done', async () => {
    const rig = await newRig();
    const pick = shell('pick', 'test "$1" -ne 1', { parameters: { n: t.integer() } });
    const ran = await rig.run(checked('items', {}, ({ forEach, task }) => {
      const loop = forEach([0, 1, 2], (n, { task }) => void task(ok, {}, { name: 'then', after: [task(pick, { n })] }), { name: 'loop' });
      task(ok, {}, { name: 'after', after: [loop] });
    }));
    expect(ran.statuses).toEqual({
      'pick(0)': 'Succeeded', 'pick(1)': 'Failed', 'pick(2)': 'Succeeded', 'then(0)': 'Succeeded', 'then(1)': 'Omitted', 'then(2)': 'Succeeded', after: 'Omitted',
    });
    expect(ran.status).toBe('Failed');
  });

  it('names instances of loops within loops from the outside in', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('nested', {}, ({ forEach, task }) => {
      const all = forEach(['a', 'b'], (outer, { forEach, task }) => {
        const inner = forEach([1, 2], (n, { task }) => task(say, { word: format`${outer}${n}` }).said, { name: 'inner' });
        return task(shell('glue', 'echo "$1" > "$2"', { parameters: { words: t.list(t.string()) }, results: { said: t.string() } }), { words: inner }).said;
      }, { name: 'outer' });
      task(shell('show', 'echo "$1" > "$2"', { parameters: { words: t.list(t.string()) }, results: { said: t.string() } }), { words: all });
    }));
    expect(Object.keys(ran.statuses)).toEqual(['say(0)(0)', 'say(0)(1)', 'say(1)(0)', 'say(1)(1)', 'glue(0)', 'glue(1)', 'show']);
    expect((await ran.task('show')).results).toEqual({ said: '["[\\"a1\\",\\"a2\\"]","[\\"b1\\",\\"b2\\"]"]' });
  });

  it('fails a step that leaves out an output or a result, or writes a result of another type', async () => {
    const rig = await newRig();
    const steps = {
      output: shell('no-output', 'true', { outputs: { file: artifact.file() } }),
      folder: shell('wrong-output', 'mkdir "$1"', { outputs: { file: artifact.file() } }),
      link: shell('link-output', 'ln -s /etc/hostname "$1"', { outputs: { file: artifact.file() } }),
      result: shell('no-result', 'true', { results: { n: t.integer() } }),
      type: shell('wrong-result', 'echo 1.5 > "$1"', { results: { n: t.integer() } }),
    };
    const ran = await rig.run(checked('leaving-out', {}, ({ task }) => {
      for (const step of Object.values(steps)) task(step, {});
    }));
    expect(ran.tasks.map(({ task, status, reason }) => [task, status, reason?.code])).toEqual([
      ['no-output', 'Failed', 'PW302'], ['wrong-output', 'Failed', 'PW302'], ['link-output', 'Failed', 'PW502'], ['no-result', 'Failed', 'PW302'], ['wrong-result', 'Failed', 'PW308'],
    ]);
  });

  it('takes integers and booleans in their text form only, as conditions on a cluster read them, and numbers and JSON in any', async () => {
    const rig = await newRig();
    const writes = (name: string, text: string, type: Port<unknown>) => shell(name, `printf '%s' '${text}' > "$1"`, { results: { value: type } });
    const steps = [
      writes('plain-integer', '5\n', t.integer()), writes('point', '5.0', t.integer()), writes('power', '1e3', t.integer()), writes('zero', '-0', t.integer()),
      writes('plain-boolean', 'true', t.boolean()), writes('space', ' true', t.boolean()), writes('two-lines', 'true\n\n', t.boolean()),
      writes('number', '5.0', t.number()), writes('json', '{"b": 1, "a": [ 1.0 ]}', t.json()), writes('list', '[ 1 ]', t.list(t.integer())),
    ];
    const ran = await rig.run(checked('forms', {}, ({ task }) => {
      for (const step of steps) task(step, {});
    }));
    expect(Object.fromEntries(ran.tasks.map(({ task, status, reason }) => [task, reason?.code ?? status]))).toEqual({
      'plain-integer': 'Succeeded', point: 'PW308', power: 'PW308', zero: 'PW308', 'plain-boolean': 'Succeeded', space: 'PW308', 'two-lines': 'PW308', number: 'Succeeded', json: 'Succeeded', list: 'Succeeded',
    });
    expect(ran.tasks.find(({ task }) => task === 'power')!.reason).toMatchObject({ message: expect.stringContaining('is written "1e3"'), fix: expect.stringContaining('Write 1000 and nothing else') });
    expect((await ran.task('json')).results).toEqual({ value: { a: [1], b: 1 } });
  });

  it('fails a task whose value does not fit and errs on an expression without a value, before anything starts', async () => {
    const rig = await newRig();
    const positive = shell('positive', 'true', { parameters: { n: t.integer({ minimum: 1 }) } });
    const real = shell('real', 'true', { parameters: { n: t.number() } });
    const ran = await rig.run(checked('values', { n: t.integer({ default: 0 }) }, ({ params, task, when }) => {
      task(positive, { n: params.n });
      task(real, { n: params.n.dividedBy(params.n) });
      when(params.n.dividedBy(params.n).lessThan(1), ({ task }) => void task(ok, {}, { name: 'inside' }), { name: 'condition' });
    }));
    expect(ran.tasks.map(({ task, status, reason }) => [task, status, reason?.code])).toEqual([['positive', 'Failed', 'PW106'], ['real', 'Error', 'PW110'], ['inside', 'Omitted', undefined]]);
    expect(ran.events.filter(({ kind }) => kind === 'AttemptStarted')).toEqual([]);
    expect(ran.events.find((event) => event.kind === 'GroupEnded')).toMatchObject({ group: 'condition', status: 'Error', reason: { code: 'PW110' } });
  });

  it('refuses wrong parameters all at once, before a run exists', async () => {
    const rig = await newRig();
    const pipeline = checked('parameters', { n: t.integer(), word: t.string() }, ({ params, task }) => void task(say, { word: params.word }));
    await expect(rig.run(pipeline, { parameters: { n: 'x', wort: 'y' } })).rejects.toMatchObject({
      issues: [
        { code: 'PW307', fix: 'Did you mean "word"?' },
        { code: 'PW307', message: 'The parameter "n" is "x", which is not an integer.' },
        { code: 'PW307', message: 'The parameter "word" has no value and no default.' },
      ],
    });
    await expect(readdir(join(rig.folder, 'runs'))).rejects.toThrow();
  });
});

describe('exit handler', () => {
  const notify = (fail: boolean) => checked('exit', {}, ({ task, onExit }) => {
    task(fail ? bad : ok, {}, { name: 'main' });
    onExit(({ task, status, when }) => {
      task(say, { word: format`it ${status}` }, { name: 'tell' });
      when(status.equals('Failed'), ({ task }) => void task(ok, {}, { name: 'alarm' }));
    });
  });

  it('runs after success and after failure, and sees which', async () => {
    const rig = await newRig();
    const good = await rig.run(notify(false));
    expect([good.status, good.statuses]).toEqual(['Succeeded', { main: 'Succeeded', tell: 'Succeeded', alarm: 'Skipped' }]);
    expect((await good.task('tell')).results).toEqual({ said: 'it Succeeded' });
    const failed = await rig.run(notify(true));
    expect([failed.status, failed.statuses]).toEqual(['Failed', { main: 'Failed', tell: 'Succeeded', alarm: 'Succeeded' }]);
  });

  it('decides the status of the run only when everything else succeeded', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('exit-fails', {}, ({ task, onExit }) => {
      task(ok, {});
      onExit(({ task }) => void task(bad, {}));
    }));
    expect([ran.status, ran.statuses]).toEqual(['Failed', { ok: 'Succeeded', bad: 'Failed' }]);
  });
});

describe('order and room', () => {
  const log = shell('log', 'echo "start $1" >> "$LOG"; sleep 0.05; echo "end $1" >> "$LOG"', { parameters: { name: t.string() }, environment: ['LOG'] });
  async function orderOf(options: { maximumParallel?: number; seed?: number; parallelism?: number; loop?: number }): Promise<readonly string[]> {
    const rig = await newRig();
    const path = join(rig.folder, '..', 'log.txt');
    const pipeline = checked('order', {}, ({ forEach, task }) => {
      if (options.loop === undefined) for (let n = 0; n < 6; n++) task(log, { name: String(n) }, { name: `t${n}` });
      else forEach(['0', '1', '2', '3', '4', '5'], (name, { task }) => void task(log, { name }), { parallelism: options.loop });
    }, options.parallelism === undefined ? {} : { parallelism: options.parallelism });
    const { seed, maximumParallel = 4 } = options;
    await rig.run(pipeline, { maximumParallel, ...(seed === undefined ? {} : { seed }), environment: { LOG: path } });
    return (await readFile(path, 'utf8')).trim().split('\n');
  }
  const most = (lines: readonly string[]): number => {
    let now = 0;
    return Math.max(...lines.map((line) => (line.startsWith('start') ? ++now : now--)));
  };
  const starts = (lines: readonly string[]): string => lines.filter((line) => line.startsWith('start')).map((line) => line.slice(-1)).join('');

  it('keeps to the limits of the run, of the pipeline and of a loop', async () => {
    expect(most(await orderOf({ maximumParallel: 3 }))).toBe(3);
    expect(most(await orderOf({ parallelism: 2 }))).toBe(2);
    expect(most(await orderOf({ loop: 2 }))).toBe(2);
  });

  it('starts independent work as declared, or shuffled by a seed', async () => {
    expect(starts(await orderOf({ maximumParallel: 1 }))).toBe('012345');
    const shuffled = await Promise.all([1, 1, 2].map((seed) => orderOf({ maximumParallel: 1, seed }).then(starts)));
    expect(shuffled[0]).toBe(shuffled[1]);
    expect(shuffled[0]).not.toBe(shuffled[2]);
    for (const order of shuffled) expect([...order].sort().join('')).toBe('012345');
    const items = await Promise.all([1, 2].map((seed) => orderOf({ maximumParallel: 4, seed, loop: 1 }).then(starts)));
    expect(items[0]).not.toBe(items[1]);
  });
});

describe('events', () => {
  it('tell the whole story in order, and are written down but for what the log holds', async () => {
    const rig = await newRig();
    const talk = shell('talk', 'echo out; echo err >&2; echo "::pipewright {\\"type\\":\\"progress\\",\\"done\\":1,\\"total\\":2,\\"note\\":\\"half\\"}"; printf unended');
    const ran = await rig.run(checked('events', {}, ({ task }) => void task(talk, {})));
    const kinds = (events: readonly RunEvent[]): readonly string[] => events.map(({ kind }) => kind);
    expect(kinds(ran.events).filter((kind) => kind !== 'LogLine' && kind !== 'Progress')).toEqual(['RunStarted', 'TaskStarted', 'AttemptStarted', 'AttemptEnded', 'TaskEnded', 'RunEnded']);
    const lines = ran.events.filter((event) => event.kind === 'LogLine').map(({ stream, line }) => `${stream}: ${line}`);
    expect(lines.sort()).toEqual(['stderr: err', 'stdout: out', 'stdout: unended']);
    expect(ran.events.find((event) => event.kind === 'Progress')).toMatchObject({ done: 1, total: 2, note: 'half', task: 'talk' });
    const written = (await readFile(join(ran.folder, 'events.ndjson'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as RunEvent);
    expect(written).toEqual(ran.events.filter(({ kind }) => kind !== 'LogLine' && kind !== 'Progress'));
    const logged = (await readFile(join(ran.folder, 'tasks', 'talk', 'attempt-1.log'), 'utf8')).trim().split('\n');
    expect(logged.sort()).toEqual(['err', 'out', 'unended']);
  });

  it('throws what the listener threw, after the run', async () => {
    const rig = await newRig();
    let ended = false;
    const pipeline = checked('listener', {}, ({ task }) => void task(shell('late', 'sleep 0.1; echo done > "$1"', { results: { said: t.string() } }), {}));
    await expect(rig.run(pipeline, { onEvent: () => { throw new Error('the screen is gone'); } })).rejects.toThrow('the screen is gone');
    const again = await rig.run(pipeline, { onEvent: ({ kind }) => { ended ||= kind === 'RunEnded'; } });
    expect([again.cached, ended]).toEqual([['late'], true]);
  });
});
