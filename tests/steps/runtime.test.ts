import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { artifact, commandLine, defineStep, pathsBelow, printMessage, t, type StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import { implementStep, runInline } from '../../steps/runtime/index.ts';
import { helpOf } from '../../steps/runtime/help.ts';
import type { Host } from '../../steps/runtime/host.ts';
import { parseArguments } from '../../steps/runtime/parse-arguments.ts';
import implementation from '../local/steps/double/run.ts';
import { double } from '../local/steps/double/contract.ts';
import { patient } from '../local/steps/patient/contract.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-runtime-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const everything = defineStep({
  name: 'everything',
  description: 'Has one of each.',
  parameters: { word: t.string(), count: t.integer({ minimum: 0 }), share: t.number({ default: 0.5 }), on: t.boolean(), side: t.enum(['left', 'right']), any: t.json(), many: t.list(t.string()) },
  inputs: { table: artifact.dataset({ day: 'date' }), maybe: artifact.optional(artifact.file()), all: artifact.many(artifact.model()) },
  outputs: { model: artifact.model(), figures: artifact.metrics({ description: 'How good it is.' }) },
  results: { loss: t.number(), best: t.string() },
  environment: ['SEED'],
});
const { contract } = everything;

describe('the command line', () => {
  it('comes back as it was written, whatever the values are', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(fc.property(
      fc.record({ word: text, count: fc.nat(), share: fc.double({ noNaN: true, noDefaultInfinity: true }), on: fc.boolean(), side: fc.constantFrom('left', 'right'), any: fc.jsonValue(), many: fc.array(text) }),
      fc.string({ minLength: 1 }),
      (values, folder) => {
        const texts: Readonly<Record<string, string>> = {
          word: values.word, count: String(values.count), share: JSON.stringify(values.share), on: String(values.on), side: values.side, any: JSON.stringify(values.any), many: JSON.stringify(values.many),
        };
        const words = commandLine(contract, { parameter: (name) => texts[name]!, ...pathsBelow(folder) }, []);
        const { parameters, inputs, outputs, results } = parseArguments(contract, words) as Exclude<ReturnType<typeof parseArguments>, 'help'>;
        // Through JSON, because the text form of a number does not keep the sign of zero.
        expect(parameters).toEqual(JSON.parse(JSON.stringify(values)));
        const { input, output, result } = pathsBelow(folder);
        expect([inputs, outputs, results]).toEqual([
          { table: input('table'), maybe: input('maybe'), all: input('all') }, { model: output('model'), figures: output('figures') }, { loss: result('loss'), best: result('best') },
        ]);
      },
    ), { numRuns: 120 });
  });

  it('may hold a word in a file, as Argo writes a long one', async () => {
    const path = join(await newFolder(), 'long');
    const long = `word=${'@'.repeat(200_000)}`;
    await writeFile(path, long);
    expect(() => parseArguments(contract, ['--parameter', `@${path}`])).toThrow(/"count" is missing/);
    const words = commandLine(double.contract, { parameter: () => '1', ...pathsBelow('/x') }, []);
    await writeFile(path, `text=${'y'.repeat(200_000)}`);
    expect(parseArguments(double.contract, words.map((word) => (word.startsWith('text=') ? `@${path}` : word)))).toMatchObject({ parameters: { text: 'y'.repeat(200_000) } });
    expect(() => parseArguments(double.contract, ['--parameter', '@/no/such/file'])).toThrow(/long argument cannot be read/);
  });

  it('is refused with everything that is wrong in it, and with what to do', () => {
    const refused = (words: readonly string[]): readonly string[] => {
      try {
        parseArguments(double.contract, words);
        return [];
      } catch (error) {
        expect((error as PipewrightError).code).toBe('PW501');
        return (error as PipewrightError).issues.map(({ message, fix }) => `${message} ${fix}`);
      }
    };
    expect(refused(['--parametre', 'n=1', '--parameter', 'm=1', '--parameter', 'n', '--output'])).toEqual([
      '"--parametre" is not something that this program knows. Did you mean --parameter?',
      '"n=1" is not something that this program knows. See --help.',
      'The step "double" has no parameter "m". Did you mean "n"?',
      '--parameter is not followed by name=value, but by "n". See --help.',
      '--output is not followed by name=path. See --help.',
      'The parameter "n" is missing. Add --parameter n=….',
      'The path of the output "note" is missing. Add --output note=PATH.',
      'The path of the result "twice" is missing. Add --result twice=PATH.',
    ]);
    const good = ['--output', 'note=/o', '--result', 'twice=/r'];
    expect(refused([...good, '--parameter', 'n=1.5'])).toEqual(['The parameter "n" is 1.5, which is not an integer. See --help for what "double" takes.']);
    expect(refused([...good, '--parameter', 'n=9999'])).toEqual(['The parameter "n" is 9999, which is above its maximum 1000. See --help for what "double" takes.']);
    expect(refused([...good, '--parameter', 'n=1', '--parameter', 'n=2'])).toEqual(['--parameter n is given twice. Give it once.']);
    expect(refused([...good, '--parameter', 'n=1'])).toEqual([]);
  });

  it('explains itself', () => {
    expect(parseArguments(contract, ['--parameter', 'word=x', '--help'])).toBe('help');
    expect(parseArguments(contract, ['--parameter', 'word=--help', '-h'])).toBe('help');
    expect(() => parseArguments(contract, ['--parameter', '--help'])).toThrow();
    expect(helpOf(contract)).toBe(`everything: Has one of each.

  --parameter word=VALUE   string
  --parameter count=VALUE  integer
  --parameter share=VALUE  number (default 0.5)
  --parameter on=VALUE     boolean
  --parameter side=VALUE   "left" | "right"
  --parameter any=VALUE    json
  --parameter many=VALUE   list of string
  --input table=PATH       dataset
  --input maybe=PATH       file (may be absent)
  --input all=PATH         a folder with one model per item
  --output model=PATH      where to write: model
  --output figures=PATH    where to write: metrics. How good it is.
  --result loss=PATH       where to write: number
  --result best=PATH       where to write: string

Variables that it reads: SEED.

Ends with 0 when done, 64 when called wrongly or given bad data, 1 when it failed, 143 when it was ended.`);
  });
});

describe('the work', () => {
  /** Lays out a folder with all inputs and runs the step with a host that remembers. */
  async function invokeEverything(work: Parameters<typeof implementStep<{}, {}, {}, {}>>[1] | ((context: never) => unknown), more: Partial<Host> = {}) {
    const folder = await newFolder();
    await mkdir(join(folder, 'inputs/all/1'), { recursive: true });
    await mkdir(join(folder, 'inputs/all/0'));
    await mkdir(join(folder, 'inputs/all/10'));
    await mkdir(join(folder, 'inputs/all/2'));
    await writeFile(join(folder, 'inputs/all/.hidden'), '');
    await writeFile(join(folder, 'inputs/table'), 'x');
    const said: string[] = [];
    const host: Host = { environment: { SEED: '7', OTHER: 'no' }, print: (stream, line) => said.push(`${stream}: ${line}`), signal: new AbortController().signal, ...more };
    const texts: Readonly<Record<string, string>> = { word: 'w', count: '3', share: '0.25', on: 'true', side: 'left', any: '{"a":1}', many: '["x"]' };
    const words = commandLine(contract, { parameter: (name) => texts[name]!, ...pathsBelow(folder) }, []);
    const code = await implementStep(everything as never, work as never).invoke(words, host);
    return { folder, said, code };
  }

  it('is given typed values and paths, and what it returns is written in text form', async () => {
    let seen: Readonly<Record<string, unknown>> = {};
    const { folder, code, said } = await invokeEverything(async (context: { outputs: Record<string, string>; log: (line: string) => void; progress: (done: number, total: number) => void }) => {
      seen = context as never;
      await mkdir(context.outputs['model']!);
      await writeFile(context.outputs['figures']!, '{}');
      context.log('two\nlines');
      context.progress(1, 2);
      return { loss: 0.1, best: 'a\n' };
    });
    expect([code, said]).toEqual([0, ['stdout: two', 'stdout: lines']]);
    expect(seen).toMatchObject({
      parameters: { word: 'w', count: 3, share: 0.25, on: true, side: 'left', any: { a: 1 }, many: ['x'] },
      inputs: { table: join(folder, 'inputs/table'), maybe: undefined, all: ['0', '1', '2', '10'].map((name) => join(folder, 'inputs/all', name)) },
      environment: { SEED: '7' },
    });
    expect(await readFile(join(folder, 'results/loss'), 'utf8')).toBe('0.1');
    expect(await readFile(join(folder, 'results/best'), 'utf8')).toBe('a\n');
    expect((await readdir(join(folder, 'results'))).sort()).toEqual(['best', 'loss']);
  });

  it('speaks the protocol when it is listened to', async () => {
    const { said, code } = await invokeEverything((context: { progress: (done: number, total: number, note: string) => void }) => {
      context.progress(1, 2, 'half');
      throw new PipewrightError([{ code: 'PW504', message: 'Only 3 rows.', fix: 'Give more.' }, { code: 'PW503', message: 'One is empty.', fix: 'Fill it.' }]);
    }, { environment: { PIPEWRIGHT_PROTOCOL: 'lines' } });
    expect([code, said]).toEqual([64, [
      `stdout: ${printMessage({ type: 'progress', done: 1, total: 2, note: 'half' })}`,
      `stdout: ${printMessage({ type: 'failure', code: 'PW504', message: 'Only 3 rows. One is empty.', fix: 'Give more.' })}`,
      'stderr: PW504: Only 3 rows.', 'stderr:   → Give more.', 'stderr: PW503: One is empty.', 'stderr:   → Fill it.',
    ]]);
  });

  it('fails for outputs and results that are missing, unknown or of the wrong kind', async () => {
    const returning = (results: object, write: (outputs: Record<string, string>) => Promise<unknown>) => invokeEverything(async ({ outputs }: { outputs: Record<string, string> }) => {
      await write(outputs);
      return results;
    });
    const both = async (outputs: Record<string, string>): Promise<void> => {
      await mkdir(outputs['model']!);
      await writeFile(outputs['figures']!, '{}');
    };
    const cases = [
      await returning({ loss: 1, best: 'x' }, async () => undefined),
      await returning({ loss: 1, best: 'x' }, async (outputs) => Promise.all([writeFile(outputs['model']!, ''), writeFile(outputs['figures']!, '')])),
      await returning({ loss: 1 }, both),
      await returning({ loss: 'low', best: 'x' }, both),
      await returning({ loss: 1, best: 'x', extra: 2 }, both),
    ];
    expect(cases.map(({ code, said }) => [code, said.filter((line) => line.startsWith('stderr: PW'))])).toEqual([
      [1, ['stderr: PW302: The step "everything" did not write its output "model".', 'stderr: PW302: The step "everything" did not write its output "figures".']],
      [1, ['stderr: PW302: The step "everything" wrote a file as its output "model", which is a model.']],
      [1, ['stderr: PW302: The step "everything" did not return its result "best".']],
      [1, ['stderr: PW308: The result "loss" of the step "everything" is "low", which is not a number.']],
      [1, ['stderr: PW308: The step "everything" returned "extra", which is not one of its results.']],
    ]);
    for (const { folder } of cases) expect(await readdir(join(folder, 'results'))).toEqual([]);
  });

  it('shows no stack unless it is asked to, and leaves its last words to Kubernetes', async () => {
    const terminationLog = join(await newFolder(), 'termination-log');
    await writeFile(terminationLog, '');
    const fail = (): never => { throw new TypeError('x is not a function'); };
    const { said, code } = await invokeEverything(fail, { terminationLog });
    expect([code, said]).toEqual([1, ['stderr: PW301: x is not a function', 'stderr:   → Run the step with PIPEWRIGHT_DEBUG=1 to see where.']]);
    expect(await readFile(terminationLog, 'utf8')).toBe('PW301: x is not a function');
    const debug = await invokeEverything(fail, { environment: { PIPEWRIGHT_DEBUG: '1' }, terminationLog: '/no/such/folder/log' });
    expect(debug.said.some((line) => line.includes('runtime.test.ts'))).toBe(true);
  });

  it('refuses inputs that are not there or of the wrong kind, and takes an absent collection for an empty one', async () => {
    const folder = await newFolder();
    const step = defineStep({ name: 'reads', inputs: { file: artifact.file(), folder: artifact.directory(), all: artifact.many(artifact.file()) } });
    const said: string[] = [];
    let all: readonly string[] | undefined;
    const reads = implementStep(step, ({ inputs }) => { all = inputs.all; });
    const host: Host = { environment: {}, print: (_stream, line) => said.push(line), signal: new AbortController().signal };
    const words = commandLine(step.contract, { parameter: () => '', ...pathsBelow(folder) }, []);
    await mkdir(join(folder, 'inputs/file'), { recursive: true });
    expect(await reads.invoke(words, host)).toBe(64);
    expect(said.filter((line) => line.startsWith('PW'))).toEqual(['PW501: The input "file" is a folder, but a file is wanted.', `PW501: The input "folder" is not at ${folder}/inputs/folder.`]);
    await rm(join(folder, 'inputs/file'), { recursive: true });
    await writeFile(join(folder, 'inputs/file'), '');
    await mkdir(join(folder, 'inputs/folder'));
    expect([await reads.invoke(words, host), all]).toEqual([0, []]);
  });
});

describe('runInline', () => {
  it('calls the work with defaults filled in, and returns its results and where its outputs are', async () => {
    const folder = await newFolder();
    const { results, outputs } = await runInline(implementation, { parameters: { n: 4 }, folder });
    expect(results.twice).toBe(8);
    expect(await readFile(outputs.note, 'utf8')).toBe('4 0\n');
    await expect(runInline(implementation, { parameters: { n: 4000 }, folder })).rejects.toMatchObject({ code: 'PW501' });
    // @ts-expect-error TS2741: n has no default
    await expect(runInline(implementation, { parameters: {}, folder })).rejects.toMatchObject({ code: 'PW501' });
    // @ts-expect-error TS2322: n is a number
    await expect(runInline(implementation, { parameters: { n: 'four' }, folder })).rejects.toMatchObject({ code: 'PW501' });
  });

  it('checks what an implementation returns while it is written', () => {
    const step = defineStep({ name: 'typed', parameters: { n: t.integer() }, inputs: { one: artifact.file(), maybe: artifact.optional(artifact.file()), all: artifact.many(artifact.file()) }, results: { sum: t.number() } });
    implementStep(step, ({ parameters, inputs }) => {
      const one: string = inputs.one;
      const maybe: string | undefined = inputs.maybe;
      const all: readonly string[] = inputs.all;
      // @ts-expect-error TS2322: it may be absent
      const surely: string = inputs.maybe;
      return { sum: parameters.n + one.length + (maybe ?? surely).length + all.length };
    });
    // @ts-expect-error TS2322: the result is missing
    implementStep(step, () => ({}));
    // @ts-expect-error TS2322: the result is a number
    implementStep(step, async () => ({ sum: 'much' }));
    implementStep(defineStep({ name: 'silent' }), () => undefined);
    expect(step.contract.name).toBe('typed');
  });
});

describe('a program of its own', () => {
  let programs: Readonly<Record<'double' | 'patient', string>>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-runtime-'));
    const bundler = createBundler({ folder });
    const [first, second] = await Promise.all([bundler.bundle(double.contract), bundler.bundle(patient.contract)]);
    programs = { double: first.main, patient: second.main };
    return () => rm(folder, { recursive: true });
  });

  async function start(program: keyof typeof programs, words: readonly string[], onLine?: (line: string, kill: () => void) => void): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [programs[program], ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      onLine?.(stdout, () => child.kill('SIGTERM'));
    });
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  }
  const words = (contractOf: StepContract, parameters: Readonly<Record<string, string>>): readonly string[] =>
    commandLine(contractOf, { parameter: (name) => parameters[name] ?? '', ...pathsBelow(folder) }, []);

  it('ends with 0, 1, 64 or 143, and with its reason on standard error', async () => {
    expect(await start('double', words(double.contract, { n: '21' }))).toEqual({ code: 0, stdout: 'doubling 21\n', stderr: '' });
    expect(await readFile(join(folder, 'results/twice'), 'utf8')).toBe('42');
    expect(await start('double', words(double.contract, { n: 'x' }))).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('PW501: The parameter "n" is "x"') });
    expect(await start('double', ['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('double: Twice a number.') });
    expect(await start('patient', words(patient.contract, { mode: 'throw' }))).toEqual({ code: 1, stdout: '', stderr: 'PW301: the cat sat on it\n  → Run the step with PIPEWRIGHT_DEBUG=1 to see where.\n' });
    expect(await start('patient', words(patient.contract, { mode: 'wait' }), (said, kill) => { if (said.includes('waiting')) kill(); })).toMatchObject({ code: 143 });
    expect(existsSync(join(folder, 'results/said'))).toBe(false);
  });
});
