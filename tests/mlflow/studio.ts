import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readRun, readTasks, type FoundRun, type TaskRecord } from '../../dsl/local/index.ts';
import { openStore, type Store } from '../../store/index.ts';
import { Rig, type Spoken } from '../cli/rig.ts';
import { VENV } from './surroundings.ts';

/** Trains three candidates with learning curves on a small dataset, and judges them. */
const PIPELINE = `import { artifact, defineContainerStep, pipeline, t } from 'pipewright';
const COLUMNS = { day: 'date', close: 'float64' } as const;
const make = defineContainerStep({
  name: 'make', image: 'node:22-slim', parameters: { rows: t.integer(), story: t.string() }, outputs: { prices: artifact.dataset(COLUMNS), note: artifact.file() }, results: { rows: t.integer() },
  command: ({ parameter, output, result }) => ['node', '-e', 'const { writeFileSync: write } = require("fs"); const [, rows, story, prices, note, result] = process.argv; write(prices, "ARROW1 " + rows); write(note, story.slice(0, 20)); write(result, rows);', parameter('rows'), parameter('story'), output('prices'), output('note'), result('rows')],
});
const TRAIN = \`const { mkdirSync, writeFileSync: write } = require("fs"); const [, candidate, model, figures, score] = process.argv;
const { rate } = JSON.parse(candidate); mkdirSync(model); write(model + "/model.json", candidate); write(model + "/weights.bin", Buffer.alloc(100, rate * 100));
const x = Array.from({ length: 1200 }, (_, at) => at + 1); const y = x.map((at) => (at === 3 ? null : rate + 1 / at));
write(figures, JSON.stringify({ format: "pipewright/figures/1", title: "Training", charts: [{ kind: "line", title: "Learning curve", xLabel: "epoch", yLabel: "loss", series: [{ name: "training", x, y }, { name: "validation", x, y: y.map((at) => at && at + 0.1) }] }] }));
write(score, String(0.5 + rate));\`;
const train = defineContainerStep({
  name: 'train', image: 'node:22-slim', parameters: { candidate: t.json() }, inputs: { prices: artifact.dataset(COLUMNS) }, outputs: { model: artifact.model(), figures: artifact.metrics() }, results: { score: t.number() },
  command: ({ parameter, input, output, result }) => ['node', '-e', TRAIN, parameter('candidate'), output('model'), output('figures'), result('score'), input('prices')],
});
const JUDGE = \`const { cpSync, readdirSync, writeFileSync: write } = require("fs"); const [, all, best, figures, decision] = process.argv; cpSync(all + "/" + readdirSync(all).sort()[1], best, { recursive: true });
write(figures, JSON.stringify({ format: "pipewright/figures/1", title: "Evaluation", summary: "Keep: the data cannot tell.", tables: [{ title: "Scores", headline: true, columns: ["model", "AUC-ROC", "95 % from", "to"], rows: [["chosen", 0.53, 0.49, 0.57], ["coin", 0.5, 0.46, 0.54]] }] }));
write(decision, "keep");\`;
const judge = defineContainerStep({
  name: 'judge', image: 'node:22-slim', inputs: { models: artifact.many(artifact.model()) }, outputs: { best: artifact.model(), figures: artifact.metrics() }, results: { decision: t.enum(['promote', 'keep']) },
  command: ({ input, output, result }) => ['node', '-e', JUDGE, input('models'), output('best'), output('figures'), result('decision')],
});
export default pipeline('small-study', { params: { rows: t.integer({ default: 40 }), story: t.string({ default: 'once upon a time' }), candidates: t.list(t.json(), { default: [{ rate: 0.01, layers: [8] }, { rate: 0.1, layers: [] }, { rate: 0.2, layers: [4, 4] }] }) } }, ({ params, task, forEach }) => {
  const made = task(make, { rows: params.rows, story: params.story });
  const trained = forEach(params.candidates, (candidate, { task }) => task(train, { candidate, prices: made.prices }), { name: 'each-candidate' });
  task(judge, { models: trained.model });
});
`;

export interface ReadBack {
  readonly runs: Readonly<Record<string, {
    readonly name: string; readonly status: string; readonly start: number; readonly end: number;
    readonly params: Readonly<Record<string, string>>; readonly tags: Readonly<Record<string, string>>;
    /** Step, value, time. */
    readonly metrics: Readonly<Record<string, readonly (readonly [number, number | string, number])[]>>;
    readonly artifacts: Readonly<Record<string, string>>;
    readonly datasets: readonly { readonly name: string; readonly digest: string; readonly schema: string; readonly context: Readonly<Record<string, string>>; readonly bytes: string }[];
    readonly outputs: readonly string[];
  }>>;
  readonly byMetric: readonly string[];
  readonly models: readonly { readonly id: string; readonly name: string; readonly status: string; readonly tags: Readonly<Record<string, string>>; readonly params: Readonly<Record<string, string>>; readonly source: string; readonly files: Readonly<Record<string, string>>; readonly flavors: readonly string[] }[];
  readonly registry: Readonly<Record<string, { readonly aliases: Readonly<Record<string, string>>; readonly versions: readonly { readonly version: string; readonly tags: Readonly<Record<string, string>>; readonly run: string; readonly model: string }[] }>>;
}

/** A folder with a pipeline, runs that were really run, and a way to export them and to read back what arrived. */
export class Studio {
  readonly rig: Rig;

  private constructor(rig: Rig) {
    this.rig = rig;
  }

  static async create(): Promise<Studio> {
    return new Studio(await Rig.create({ 'study.ts': PIPELINE }));
  }

  store(): Promise<Store> {
    return openStore(this.rig.path('.pipewright/store'));
  }

  async latest(): Promise<{ readonly run: FoundRun; readonly tasks: readonly TaskRecord[] }> {
    const folder = this.rig.path('.pipewright');
    const id = (await this.rig.runs()).at(-1)!;
    return { run: await readRun(folder, id), tasks: await readTasks(folder, id) };
  }

  export(address: string, words: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<Spoken> {
    return this.rig.start(['mlflow', 'export', '--tracking-uri', address, ...words], environment).ended;
  }

  async readBack(address: string, experiment: string): Promise<ReadBack> {
    const script = fileURLToPath(new URL('read-back.py', import.meta.url));
    const { stdout } = await promisify(execFile)(join(VENV, 'bin/python'), [script, address, experiment], { maxBuffer: 256 * 1024 * 1024, env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' } });
    return JSON.parse(stdout.slice(stdout.indexOf('{'))) as ReadBack;
  }

  async textOf(digest: TaskRecord['outputs'][string]['digest']): Promise<string> {
    return text(await (await this.store()).getObject(digest));
  }
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
