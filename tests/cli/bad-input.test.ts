import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIAMOND } from './fixtures.ts';
import { hasStackTrace, Rig, type Spoken } from './rig.ts';

/*
 * What a person can do wrong on a command line, and the words that answer: docs/bad-input.md is this table in prose. Each
 * row is a process of its own; they run a few at a time before the first test looks at one.
 */

const FILES: Readonly<Record<string, string>> = {
  'diamond.ts': DIAMOND,
  'syntax.ts': "import { pipeline } from 'pipewright';\nconst x: = 3;\n",
  'named.ts': "import { pipeline } from 'pipewright';\nexport const nightly = pipeline('n', {}, () => {});\n",
  'throws.ts': "import { pipeline } from 'pipewright';\nconst read = (o: any) => o.a.b;\n\nexport default pipeline('n', {}, () => { read({}); });\n",
  'later.ts': "import { pipeline } from 'pipewright';\nconst broken = await Promise.reject(new RangeError('no such day'));\nexport default broken;\n",
  'empty.ts': "import { pipeline } from 'pipewright';\nexport default pipeline('n', {}, () => {});\n",
  'three.ts': 'export default 3;\n',
  'step.ts': "import { defineContainerStep } from 'pipewright';\nexport default defineContainerStep({ name: 's', image: 'x', command: () => ['true'] });\n",
  'void.ts': '',
  'note.txt': 'hello\n',
  'lost.ts': "import { x } from './nope.ts';\nimport y from 'left-pad-of-nobody';\nexport default [x, y];\n",
  'async.ts': "import { pipeline } from 'pipewright';\nexport default pipeline('n', {}, async () => {});\n",
  'two.ts': "import { defineContainerStep, pipeline, t } from 'pipewright';\nconst s = defineContainerStep({ name: 'Bad Name', image: 'x', parameters: { n: t.integer() }, command: () => ['true'] });\nexport default pipeline('two', {}, ({ task }) => {\n  task(s, { n: 'a' as any });\n});\n",
  'list.json': '[1]',
  'text.json': 'hello',
};

type Row = readonly [words: string, code: number, stderr: string | RegExp];

const HELP = (verb: string): string => `→ pipewright ${verb} --help shows how it is called.`;

const ROWS: readonly Row[] = [
  // the command line itself
  ['', 2, /^Usage: pipewright /],
  ['rnu diamond.ts', 2, 'error PW901\n  There is no command "rnu".\n  → Did you mean run?\n'],
  ['blah', 2, 'error PW901\n  There is no command "blah".\n  → pipewright --help shows how it is called.\n'],
  ['--colour', 2, 'error PW901\n  There is no option --colour.\n  → pipewright --help shows how it is called.\n'],
  ['run', 2, `error PW901\n  The argument <pipeline> is missing.\n  ${HELP('run')}\n`],
  ['run a.ts b.ts', 2, `error PW901\n  Too many words: 1 expected, 2 given.\n  ${HELP('run')}\n`],
  ['run diamond.ts --parm n=3', 2, 'error PW901\n  There is no option --parm.\n  → Did you mean --param?\n'],
  ['run diamond.ts --executor kubernetes', 2, /^error PW901\n {2}--executor <name> is "kubernetes"\. Allowed choices are process, inline, docker\.\n/],
  ['run diamond.ts --parallel 0', 2, `error PW901\n  --parallel <count> is "0". Give a whole number from 1 on.\n  ${HELP('run')}\n`],
  ['run diamond.ts --parallel many', 2, /--parallel <count> is "many"/],
  ['run diamond.ts --seed 1.5', 2, /--seed <number> is "1\.5"\. Give a whole number/],
  ['run diamond.ts --param', 2, /The option -p, --param <name=value> needs a value\./],
  ['runs lst', 2, 'error PW901\n  There is no command "lst".\n  → Did you mean list?\n'],
  // the pipeline file
  ['run nope.ts', 2, 'error PW902\n  There is no file nope.ts.\n  → Check the path; it is relative to the folder you are in.\n'],
  ['run dimond.ts', 2, 'error PW902\n  There is no file dimond.ts.\n  → Did you mean diamond.ts?\n'],
  ['run diamond', 2, 'error PW902\n  There is no file diamond.\n  → Did you mean diamond.ts?\n'],
  ['run .', 2, /^error PW902\n {2}\. is a folder, not a file\.\n {2}→ Name a file in it: async\.ts, /],
  ['run note.txt', 2, 'error PW902\n  note.txt is not a TypeScript or JavaScript file.\n  → Name the file that exports the pipeline, for example pipeline.ts.\n'],
  ['run syntax.ts', 2, 'error PW902 syntax.ts:2:10\n  The file cannot be read as TypeScript: Unexpected "=".\n  → Mend it there; tsc or the editor shows the same.\n'],
  ['run lost.ts', 2, /^error PW902 lost\.ts:1:19\n {2}The import "\.\/nope\.ts" leads nowhere\.\n[^]*error PW902 lost\.ts:2:15\n {2}The import "left-pad-of-nobody" leads nowhere\.\n {2}→ Install the package: npm install left-pad-of-nobody\.\n$/],
  ['run throws.ts', 2, /^error PW902 throws\.ts:2:30\n {2}throws\.ts fails .*TypeError: Cannot read properties of undefined \(reading 'b'\)\.\n {2}→ Mend the line named; /],
  ['run later.ts', 2, /^error PW902 later\.ts:2:\d+\n {2}later\.ts fails .*RangeError: no such day\.\n/],
  ['run void.ts', 2, /^error PW902\n {2}void\.ts has no default export\.\n {2}→ Write: export default pipeline\(/],
  ['run named.ts', 2, 'error PW902\n  named.ts has no default export.\n  → It exports nightly: write named.ts#nightly.\n'],
  ['run named.ts#nigtly', 2, 'error PW902\n  named.ts has no export "nigtly".\n  → It exports nightly: write named.ts#nightly.\n'],
  ['run three.ts', 2, /^error PW902\n {2}The default export of three\.ts is not a pipeline, but a number\.\n/],
  ['run step.ts', 2, /^error PW902\n {2}The default export of step\.ts is not a pipeline, but a step\.\n/],
  // the pipeline
  ['run empty.ts', 2, 'error PW114 empty.ts:2:16\n  The pipeline "n" has no tasks.\n  → Add one: task(step, { … }).\n'],
  ['check async.ts', 2, /^error PW113 async\.ts:2:16\n/],
  ['check two.ts', 2, /^error PW101 two\.ts:4:3\n[^]*\n\nerror PW\d+ two\.ts:4:3\n/],
  ['compile two.ts', 2, /^error PW101 two\.ts:4:3\n/],
  ['graph two.ts', 2, /^error PW101 two\.ts:4:3\n/],
  // parameters
  ['run diamond.ts --param n=many', 2, 'error PW307\n  The parameter "n" is "many", which is not an integer.\n  → Write --param n=0, at least 0.\n'],
  ['run diamond.ts --param n=-1', 2, 'error PW307\n  The parameter "n" is -1, which is below its minimum 0.\n  → Write --param n=0, at least 0.\n'],
  ['run diamond.ts --param N=1 --param n=1.5', 2, /The parameter "n" is 1\.5[^]*The pipeline "diamond" has no parameter "N"\.\n {2}→ Did you mean "n"\?/],
  ['run diamond.ts --param n', 2, 'error PW901\n  --param "n" has no name and value.\n  → Write --param name=value.\n'],
  ['run diamond.ts --param-file nope.json', 2, /^error PW901\n {2}The parameter file nope\.json cannot be read: /],
  ['run diamond.ts --param-file text.json', 2, /^error PW901\n {2}The parameter file text\.json is not JSON: /],
  ['run diamond.ts --param-file list.json', 2, 'error PW901\n  The parameter file list.json does not hold a JSON object.\n  → Write one JSON object: { "name": value, … }.\n'],
  // places
  ['run diamond.ts --store ftp://somewhere', 1, 'error PW403\n  The store "ftp://somewhere" is of a kind that does not exist: ftp.\n  → Give the path of a folder, or s3://bucket/prefix.\n'],
  ['run diamond.ts --folder note.txt', 1, /^error PW\d+\n/],
  ['graph diamond.ts --out note.txt/graph.mmd', 2, /^error PW901\n {2}note\.txt\/graph\.mmd cannot be written: /],
  // runs, artifacts, models
  ['why', 2, 'error PW903\n  Nothing has run in .pipewright yet.\n  → Run a pipeline first: pipewright run pipeline.ts. Or name another folder with --folder.\n'],
  ['runs show k3f9', 2, /^error PW903\n {2}There is no run "k3f9" in \.pipewright\.\n/],
  ['runs compare', 2, /^error PW903\n {2}Nothing has run in \.pipewright yet\./],
  ['artifacts get latest/evaluate --to x', 2, 'error PW901\n  "latest/evaluate" does not name an artifact.\n  → Write run/task/output, for example latest/evaluate/figures; pipewright artifacts list shows them.\n'],
  ['artifacts get latest/a/b', 2, `error PW901\n  The option --to <path> is missing.\n  ${HELP('artifacts get')}\n`],
  ['models versions forecast', 2, /^error PW412\n {2}There is no model "forecast" in the registry of /],
  ['models promote forecast one --reason x', 2, `error PW901\n  <version> is "one". Give a whole number from 1 on.\n  ${HELP('models promote')}\n`],
  ['models promote forecast 1', 2, `error PW901\n  The option --reason <sentence> is missing.\n  ${HELP('models promote')}\n`],
  ['models aliases ../../etc', 2, /^error PW413\n/],
  ['serve --port ninety --model-folder .', 2, /^error PW601\n {2}--port is "ninety"/],
];

let rig: Rig;
const answers = new Map<string, Spoken>();
beforeAll(async () => {
  rig = await Rig.create(FILES);
  const waiting = [...ROWS];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) answers.set(row[0], await rig.call(...row[0].split(' ').filter((word) => word !== '')));
  };
  await Promise.all([work(), work(), work(), work()]);
}, 180_000);
afterAll(() => rig.remove());

describe('a wrong call is answered with a code, what is wrong and how to mend it', () => {
  it.each(ROWS)('pipewright %s', (words, code, stderr) => {
    const answer = answers.get(words)!;
    if (typeof stderr === 'string') expect(answer).toEqual({ code, stdout: '', stderr });
    else {
      expect(answer.stderr).toMatch(stderr);
      expect({ code: answer.code, stdout: answer.stdout }).toEqual({ code, stdout: '' });
    }
  });

  it('never shows a stack trace', () => {
    for (const [words, { stdout, stderr }] of answers) expect({ words, hasStack: hasStackTrace(stdout + stderr) }).toEqual({ words, hasStack: false });
  });

  it.each([['run', 'diamond.ts', '--executor', 'docker'], ['images', 'diamond.ts']])('pipewright %s %s without a container engine', async (...words) => {
    const { code, stdout, stderr } = await rig.start(words, { DOCKER_HOST: 'unix:///nowhere/docker.sock' }).ended;
    expect(stderr).toMatch(/^error PW904\n {2}(There is no program "docker" on this machine|No container engine answers: .*)\.\n {2}→ (Install|Start) [^\n]*\.\n$/);
    expect({ code, hasStack: hasStackTrace(stdout + stderr) }).toEqual({ code: 1, hasStack: false });
  });

  it('shows one on demand', async () => {
    const { ended } = rig.start(['run', 'throws.ts'], { PIPEWRIGHT_DEBUG: '1' });
    expect(hasStackTrace((await ended).stderr)).toBe(true);
  });
});
