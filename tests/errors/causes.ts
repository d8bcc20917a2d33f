import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainNode } from '../../cli/cluster-run/explain-node.ts';
import { nodesByName, type Workflow } from '../../cli/cluster-run/workflow.ts';
import { formatIssue, type ErrorCode, type PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { openApi, openNamespace } from '../../serving/cluster/index.ts';
import { judgeReadiness, type Trouble } from '../../serving/cluster/readiness.ts';
import { notRolledOut } from '../../serving/cluster/refusal.ts';
import { openStore } from '../../store/index.ts';
import { plainEnvironment, PROJECT, settle, type Author, type CallOptions } from '../bad-input/support/call.ts';
import { start } from '../bad-input/support/start.ts';
import { computeFeatures, featureSetHash } from '../../model/features/index.ts';
import { buildTable } from '../../steps/featurize/build-table.ts';
import { writeDataset } from '../../steps/runtime/dataset.ts';
import { makeModel, SAMPLE_BARS } from '../serving/support/models.ts';

/** Provokes an error for real; what a person typed, and all that was printed. */
export type Cause = (author: Author) => Promise<{ readonly typed: string; readonly printed: string }>;

const STEPS = `import { artifact, defineContainerStep, t } from 'pipewright';

export const write = defineContainerStep({
  name: 'write', image: 'alpine:3.22', parameters: { text: t.string() }, outputs: { note: artifact.file(), folder: artifact.directory() }, results: { length: t.integer() },
  command: ({ parameter, output, result }) => ['sh', '-c', 'echo "$1" > "$2"; mkdir "$3"; echo 5 > "$4"', 'write', parameter('text'), output('note'), output('folder'), result('length')],
});
export const read = defineContainerStep({ name: 'read', image: 'alpine:3.22', inputs: { note: artifact.file() }, command: ({ input }) => ['cat', input('note')] });
export const work = (script: string) =>
  defineContainerStep({
    name: 'work', image: 'alpine:3.22', outputs: { note: artifact.file() }, results: { n: t.integer() },
    command: ({ output, result }) => ['sh', '-c', script, 'work', output('note'), result('n')],
  });
`;

const pipelineOf = (body: string): string => `import { artifact, defineContainerStep, defineStep, pipeline, t } from 'pipewright';
import { read, work, write } from './steps.ts';

export default pipeline('notes', { params: { n: t.integer({ default: 1, minimum: 0 }) } }, ({ params, task, when, forEach }: any) => {
  ${body}
});
`;

const GOOD = "task(read, { note: task(write, { text: 'hello' }).note });";

function call(words: readonly string[], files: Readonly<Record<string, string>> = {}, options?: CallOptions): Cause {
  return async (author) => {
    await author.write('steps.ts', STEPS);
    for (const [name, text] of Object.entries(files)) await author.write(name, text);
    return { typed: `pipewright ${words.join(' ')}`, printed: (await author.call(words, options)).text };
  };
}

/** A mistake in a pipeline, found before anything runs. */
const check = (body: string, verb = 'check'): Cause => call([verb, 'pipeline.ts'], { 'pipeline.ts': pipelineOf(body) });
/** A mistake that shows when it runs. */
const run = (body: string, options?: CallOptions): Cause => call(['run', 'pipeline.ts'], { 'pipeline.ts': pipelineOf(body) }, options);

/** Runs a good pipeline in a folder of its own, damages what it left, and asks. */
function afterRun(damage: (path: (...names: readonly string[]) => string) => Promise<void>, ...words: readonly string[]): Cause {
  return async (author) => {
    await rm(author.path('.pipewright'), { recursive: true, force: true });
    await run(GOOD)(author);
    await damage((...names) => author.path('.pipewright', ...names));
    const told = await call(words)(author);
    await rm(author.path('.pipewright'), { recursive: true, force: true });
    return told;
  };
}

/** The object that holds "hello\n". */
const OBJECT = 'store/objects/sha256/58/91b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';

/** Asks a registry with two versions of the model "forecast", the first of which is in production. */
function askRegistry(words: readonly string[], damage?: (records: string) => Promise<void>): Cause {
  return async (author) => {
    await rm(author.path('.pipewright'), { recursive: true, force: true });
    const store = await openStore(author.path('.pipewright/store'));
    const registry = openRegistry(store);
    for (const text of ['one', 'two']) await registry.registerVersion('forecast', { artifact: { type: 'file', ...(await store.putObject(text)) }, metadata: null });
    await registry.promote('forecast', { version: 1, alias: 'production', expected: undefined, decision: 'promote', reason: 'Better on unseen days.', at: '2026-01-31T12:00:00.000Z' });
    await damage?.(author.path('.pipewright/store/records'));
    const told = await call(words)(author);
    await rm(author.path('.pipewright'), { recursive: true, force: true });
    return told;
  };
}

/** Serves a model whose files were changed. */
function serve(files: () => Readonly<Record<string, Uint8Array>>): Cause {
  return async (author) => {
    await rm(author.path('model'), { recursive: true, force: true });
    for (const [name, bytes] of Object.entries(files())) await author.write(join('model', name), bytes);
    return call(['serve', '--model-folder', 'model', '--port', '0'])(author);
  };
}

const STOCKS = `import { pipeline, t } from 'pipewright';
import { featurize } from './node_modules/pipewright/steps/featurize/contract.ts';
import { ingest } from './node_modules/pipewright/steps/ingest/contract.ts';
import { candidatePort, train } from './node_modules/pipewright/steps/train/contract.ts';
import { validate } from './node_modules/pipewright/steps/validate/contract.ts';

const params = { source: t.string({ default: 'packaged' }), candidate: candidatePort };
export default pipeline('stocks', { params }, ({ params, task }) => {
  const checked = task(validate, { prices: task(ingest, { source: params.source }).prices });
  const features = task(featurize, { prices: checked.clean });
  task(train, { features: features.table, definition: features.definition, candidate: params.candidate });
});
`;

/** Runs the steps of the shipped pipeline on lines of its own data, and other lines. */
function runStocks({ lines = [], others = [], candidate = { architecture: 'logistic', learningRate: 0.01, maxEpochs: 1 } }: { readonly lines?: readonly number[]; readonly others?: readonly string[]; readonly candidate?: object }): Cause {
  return async (author) => {
    const packaged = (await readFile(join(PROJECT, 'node_modules/vega-datasets/data/sp500-2000.csv'), 'utf8')).split('\n');
    const text = [packaged[0], ...lines.map((line) => packaged[line]), ...others, ''].join('\n');
    // The cache knows a source by its name here; the shipped pipeline looks its digest up before a run (pipeline/prepare.ts).
    const name = `prices-${lines.length}.csv`;
    await author.write(name, text);
    await author.write('given.json', JSON.stringify({ source: author.path(name), candidate }));
    return call(['run', 'stocks.ts', '--param-file', 'given.json'], { 'stocks.ts': STOCKS })(author);
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

/** A step's own program, as an image starts it. */
const startStep = (step: string, ...words: readonly string[]): Cause => async (author) => {
  const child = spawn(process.execPath, ['--import', 'tsx', `steps/${step}/main.ts`, ...words], { cwd: PROJECT, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await new Promise((resolve) => child.once('close', resolve));
  return { typed: `npx tsx steps/${step}/main.ts ${words.join(' ')}`, printed: settle(printed, author.folder) };
};

const ONE_LOOP = "let note: any; forEach([1, 2], (n: any, { task }: any) => { note = task(write, { text: 'a' }).note; }); task(read, { note });";

/** Of a pod that came to grief on a real cluster, recorded there. */
function podOf(name: string, task: string): Cause {
  return () => {
    const recorded = JSON.parse(readFileSync(join(PROJECT, 'tests/cli/cluster-run/recorded/faults.json'), 'utf8')) as readonly Workflow[];
    const workflow = recorded.find(({ metadata }) => metadata.name === `sw-${name}`)!;
    const reason = explainNode({ task, message: nodesByName(workflow).get(`sw-${name}.work`)!.message!, memory: '256Mi' })!;
    return Promise.resolve({ typed: 'pipewright submit', printed: `${formatIssue(reason)}\n` });
  };
}

const printedOf = (error: unknown): string => (error as PipewrightError).issues.map((issue) => `${formatIssue(issue)}\n`).join('');

/** What a rollout says of a pod that the API server reports so. */
function rollOutOf({ image, waiting }: { readonly image: string; readonly waiting: { readonly reason: string; readonly message: string } }): Cause {
  const pod = { metadata: { name: 'forecast-v3-x' }, status: { containerStatuses: [{ name: 'kserve-container', image, imageID: '', ready: false, restartCount: 0, state: { waiting } }] } };
  const judged = judgeReadiness({ deployment: { metadata: { generation: 1 }, status: { observedGeneration: 1 } }, pods: [pod], complaints: new Map() }, 2);
  const { says, fix } = (judged as { readonly trouble: Trouble }).trouble;
  const typed = 'pipewright models promote forecast 3 --cluster --reason "Checked by hand"';
  return async () => ({ typed, printed: printedOf(notRolledOut({ model: 'forecast', version: 3 }, says, fix)) });
}

export const CAUSES: Readonly<Record<ErrorCode, Cause>> = {
  PW101: check("task(write, { text: 'a' }, { name: 'Write_1' });"),
  PW102: check("task(write, { text: 'a' }, { name: 'same' }); task(write, { text: 'b' }, { name: 'same' });"),
  PW103: check(ONE_LOOP),
  PW104: check('task(write, {});'),
  PW105: check("task(write, { text: 'a', txt: 'b' });"),
  PW106: check('task(write, { text: params.n });'),
  PW107: check("task(read, { note: task(write, { text: 'a' }).folder });"),
  PW108: check("const written = when(params.n.equals(1), ({ task }: any) => task(write, { text: 'a' }), { name: 'first' }); task(read, { note: written.note });"),
  PW109: call(['check', 'pipeline.ts'], {
    'pipeline.ts': `${pipelineOf("task(write, { text: 'a' }, { name: 'a' }); task(write, { text: 'b' }, { name: 'b' });").replace('export default', 'const notes =')}
// The functions of a scope cannot make a cycle; a program that writes the graph itself can.
const [a, b] = notes.body;
export default { ...notes, body: [{ ...a, after: ['b'] }, { ...b, after: ['a'] }] };
`,
  }),
  PW110: check("when(params.n.equals('1'), ({ task }: any) => { task(write, { text: 'a' }); });"),
  PW111: check("task(defineContainerStep({ name: 'sum', image: 'alpine:3.22', outputs: { total: artifact.file() }, command: () => ['sum'] }), {});"),
  PW112: check("task(write, { text: 'a' }, { timeout: '60' });"),
  PW113: check("when(params.n.equals(1), () => { task(write, { text: 'a' }); });"),
  PW114: check(''),
  PW115: call(['check', 'pipeline.ts'], { 'pipeline.ts': pipelineOf(GOOD).replace('{ params:', "{ schedule: { cron: '0 25 * * *' }, params:") }),
  PW201: check("task(write, { text: 'a' }, { retry: { limit: 3, wait: '10s', factor: 1.5 } });", 'compile'),
  PW202: check("for (let i = 0; i < 40; i++) task(write, { text: 'x'.repeat(30000) });", 'compile'),
  PW301: run("task(work('echo \"no such table: prices\" >&2; exit 3'), {});"),
  PW302: run("task(work('echo 1 > \"$2\"'), {});"),
  PW303: run("task(work('sleep 60'), {}, { timeout: '1s' });"),
  PW304: run("task(work('sleep 60'), {});", { interruptAt: 'works' }),
  PW305: run("task(defineContainerStep({ name: 'plot', image: 'r-base:4.5.0', command: () => ['Rscript-of-nobody', 'plot.R'] }), {});"),
  PW306: call(['run', 'pipeline.ts'], { 'pipeline.ts': pipelineOf("task(defineStep({ name: 'predict', entry: './predict.ts' }), {});"), 'predict.ts': "import { main } from './harness.ts';\nmain();\n" }),
  PW307: call(['run', 'pipeline.ts', '--param', 'n=many'], { 'pipeline.ts': pipelineOf(GOOD) }),
  PW308: run("task(work('touch \"$1\"; echo many > \"$2\"'), {});"),
  PW309: afterRun(async (path) => writeFile(path('runs', (await readdir(path('runs')))[0]!, 'run.json'), '{"format": "pipewright/run/1",'), 'runs', 'show'),
  PW310: call(['submit', 'pipeline.ts'], { 'pipeline.ts': pipelineOf(GOOD) }, { environment: { KUBECONFIG: 'cluster.yaml' } }),
  PW311: podOf('image', 'train'),
  PW312: podOf('oom', 'train'),
  PW401: afterRun(
    async (path) => {
      await chmod(path(OBJECT), 0o644);
      await writeFile(path(OBJECT), 'jello\n');
    },
    'artifacts', 'get', 'latest/write/note', '--to', 'note.txt',
  ),
  PW402: afterRun((path) => rm(path(OBJECT)), 'artifacts', 'get', 'latest/write/note', '--to', 'note.txt'),
  PW403: call(['run', 'pipeline.ts', '--store', 's3://artifacts'], { 'pipeline.ts': pipelineOf(GOOD) }, { environment: { AWS_SECRET_ACCESS_KEY: 'x' } }),
  PW404: askRegistry(['models', 'ledger', 'forecast'], async (records) => {
    const entry = join(records, 'registry/forecast/ledger/00000001.json');
    const text = await readFile(entry, 'utf8');
    await writeFile(entry, text.replace('Better', 'Worse'));
  }),
  PW411: askRegistry(['models', 'promote', 'forecast', '2', '--expect', '2', '--reason', 'Checked']),
  PW412: askRegistry(['models', 'versions', 'forcast']),
  PW413: askRegistry(['models', 'versions', 'Forecast_2']),
  PW501: startStep('ingest', '--parametre', 'source=packaged'),
  PW502: runStocks({ lines: upTo(3), others: ['2000-01-06,1399,1413.27,1377.68,1400,1400,1.2M'] }),
  PW503: runStocks({ lines: [1, 2, 4, 3, 5] }),
  PW504: runStocks({ lines: upTo(306) }),
  PW505: runStocks({ lines: upTo(2000), candidate: { architecture: 'logistic', learningRate: 1, l2: 1e300 } }),
  PW506: serve(() => makeModel({ change: (document) => ({ ...document, featureSet: { ...document.featureSet, hash: `sha256:${'0'.repeat(64)}` as Digest } }) }).files),
  PW507: serve(() => ({ ...makeModel().files, 'weights.bin': new Uint8Array(4) })),
  PW508: async () => {
    // A feature that uses the close it predicts.
    const leak: typeof computeFeatures = (bars, set) => {
      const table = computeFeatures(bars, set);
      return { ...table, matrix: { ...table.matrix, values: bars.close.map((price, row) => (bars.close[row + 1] ?? price) / price - 1) } };
    };
    const options = { horizonDays: 1, trainShare: 0.65, validationShare: 0.15, decisionMinutes: 0, maximumAgeDays: 7 };
    const build = async (): Promise<string> => String(buildTable({ bars: SAMPLE_BARS, symbol: '', times: undefined }, undefined, { features: [{ kind: 'momentum', parameters: { days: 1 } }] }, options, leak));
    return { typed: 'npm start', printed: await build().catch(printedOf) };
  },
  PW601: call(['serve', '--model-folder', 'model', '--port', 'ninety']),
  PW602: call(['serve']),
  PW603: rollOutOf({ image: 'pipewright/serving:0123456789ab', waiting: { reason: 'ErrImageNeverPull', message: 'Container image "pipewright/serving:0123456789ab" is not present with pull policy of Never' } }),
  PW604: async () => {
    const typed = 'pipewright models rollback forecast --cluster --reason "Errors since noon"';
    const api = openApi({ server: 'http://127.0.0.1:1' }, { patience: 0 });
    return { typed, printed: await openNamespace(api, 'pipewright-models', new AbortController().signal).get('Deployment', 'forecast-v1').then(String, printedOf) };
  },
  PW605: async (author) => {
    const set = { features: [{ kind: 'momentum', parameters: { days: 1 } }] };
    const hash = featureSetHash(set);
    const row = { kind: 'row', time: '2026-01-05T21:00:03Z', model: 'forecast', version: '4', hash, date: SAMPLE_BARS.date[1], values: [0.01] };
    await author.write('served.ndjson', `${JSON.stringify({ kind: 'features', hash, definition: set })}\n${JSON.stringify(row)}\n`);
    await writeDataset(author.path('prices.arrow'), { ...SAMPLE_BARS });
    return call(['skew', 'served.ndjson', '--prices', 'prices.arrow'])(author);
  },
  PW901: call(['run', 'pipeline.ts', '--parm', 'n=2'], { 'pipeline.ts': pipelineOf(GOOD) }),
  PW902: call(['run', 'pipeline.ts'], { 'pipeline.ts': `const source = process.env.SOURCE!.trim();\n${pipelineOf(GOOD)}` }),
  PW903: afterRun(() => Promise.resolve(), 'why', 'raed'),
  PW904: async (author) => {
    await mkdir(author.path('empty'), { recursive: true });
    return call(['run', 'pipeline.ts', '--executor', 'docker'], { 'pipeline.ts': pipelineOf(GOOD) }, { environment: { PATH: author.path('empty') } })(author);
  },
  PW905: async (author) => {
    await mkdir(author.path('empty'), { recursive: true });
    return call(['cluster', 'up'], {}, { environment: { PATH: author.path('empty') } })(author);
  },
  PW906: afterRun(() => Promise.resolve(), 'mlflow', 'export', '--tracking-uri', 'http://127.0.0.1:2', '--attempts', '1'),
  PW999: async (author) => {
    await author.write('steps.ts', STEPS);
    await author.write('pipeline.ts', `setTimeout(() => { throw new RangeError('too late'); }, 300);\n${pipelineOf("task(work('sleep 60'), {});")}`);
    return { typed: 'pipewright run pipeline.ts', printed: (await start(author.folder, ['run', 'pipeline.ts'], {})).text };
  },
};
