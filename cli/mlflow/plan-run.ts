import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ArtifactType, StepContract } from '../../dsl/contract/index.ts';
import type { TaskRecord } from '../../dsl/local/index.ts';
import { canonicalJson, digestOfJson, listed, type Json } from '../../dsl/util/index.ts';
import { parseManifest, type ArtifactReference, type ManifestFile, type Store } from '../../store/index.ts';
import type { RunDocument } from '../report/run-document.ts';
import { curvesOf, runsOverSteps } from '../runs/curves.ts';
import { headlineMetrics, slugOf } from '../runs/headline-metrics.ts';
import type { Metric, Pair } from './batches.ts';
import { OWN_KEY } from './client.ts';
import { datasetInput } from './dataset-input.ts';
import { keyOf, LIMITS, shorten } from './limits.ts';
import type { PlannedFile, PlannedModel, PlannedRun } from './planned.ts';

export interface PlanOptions {
  /** Folder of all runs. */
  readonly folder: string;
  readonly store: Store;
  /** Send datasets as artifacts too; else only what identifies them. */
  readonly datasets: boolean;
}

const STATUS = { Succeeded: 'FINISHED', Failed: 'FAILED', Error: 'FAILED', Cancelled: 'KILLED', Interrupted: 'KILLED', Running: 'KILLED', Skipped: 'KILLED', Omitted: 'KILLED' } as const;

/** What MLflow is told of a run. The items of a loop that trained a model become runs below it, each with its curves. */
export async function planRun(document: RunDocument, options: PlanOptions): Promise<PlannedRun> {
  const { run, tasks, figures } = document;
  const isChild = (task: TaskRecord): boolean => task.items.length > 0 && task.status === 'Succeeded' && Object.keys(task.outputs).some((output) => kindOf(document, task, output)?.kind === 'model');
  const children: PlannedRun[] = [];
  for (const task of tasks.filter(isChild)) children.push(await planTask(document, task, options));
  const own = tasks.filter((task) => !isChild(task));
  const [startTime, endTime] = [Date.parse(run.startedAt), Date.parse(run.finishedAt ?? run.startedAt)];
  const parameters = flatten(run.parameters);
  const summary = figures.map(({ figures: one }) => one).find(({ summary: sentence, tables }) => sentence !== undefined && (tables ?? []).some(({ headline }) => headline === true))?.summary;
  const reason = run.reason ?? tasks.find((task) => task.reason !== undefined && task.status !== 'Omitted')?.reason;
  const report = join(options.folder, 'runs', run.id, 'report.html');
  const files = [
    ...(existsSync(report) ? [{ path: 'report.html', open: () => Promise.resolve(createReadStream(report)) }] : []),
    ...['run.json', 'pipeline.json'].map((name): PlannedFile => ({ path: `run/${name}`, open: () => Promise.resolve(createReadStream(join(options.folder, 'runs', run.id, name))) })),
    ...wholeParameters(parameters),
    ...(await Promise.all(own.map((task) => filesOf(document, task, options, `${keyOf(task.task)}/`)))).flat(),
  ];
  return seal({
    key: run.id, name: `${run.pipeline} ${run.id}`, status: STATUS[run.status], startTime, endTime,
    params: paramsOf(parameters),
    metrics: own.flatMap((task) => metricsOf(document, task, `${task.task}.`)),
    tags: tagsOf({
      [OWN_KEY]: run.id, 'mlflow.runName': `${run.pipeline} ${run.id}`, 'mlflow.source.name': 'pipewright', 'mlflow.source.type': run.executor === 'argo' ? 'JOB' : 'LOCAL',
      ...(summary === undefined ? {} : { 'mlflow.note.content': summary }),
      'pipewright.pipeline': run.pipeline, 'pipewright.status': run.status, 'pipewright.executor': run.executor,
      ...(run.previous === undefined ? {} : { 'pipewright.previous': run.previous }),
      ...(reason === undefined ? {} : { 'pipewright.reason': `${reason.code}: ${reason.message}` }),
      ...Object.fromEntries(tasks.flatMap((task) => (task.parts === undefined ? [] : [[`pipewright.code.${task.step}`, task.parts.code]]))),
      ...Object.assign({}, ...own.map((task) => resultTags(task, `${task.task}.`))),
      ...Object.assign({}, ...own.map((task) => digestTags(document, task, `${task.task}.`))),
      ...shortenedTag(parameters),
    }),
    datasets: own.flatMap((task) => Object.entries(task.outputs).flatMap(([output, reference]) => datasetInput(options.store, `${task.task}.${output}`, kindOf(document, task, output), reference, task, task.step))),
    files, children,
    models: own.flatMap((task) => modelsOf(document, task)),
    notices: noticesOf(parameters),
  });
}

async function planTask(document: RunDocument, task: TaskRecord, options: PlanOptions): Promise<PlannedRun> {
  const { run, pipeline } = document;
  const parameters = flatten(task.parameters);
  const contract: StepContract | undefined = pipeline.steps[task.step];
  return seal({
    key: `${run.id}/${task.task}`, name: task.task, status: STATUS[task.status], startTime: Date.parse(task.startedAt), endTime: Date.parse(task.finishedAt),
    params: paramsOf(parameters),
    metrics: metricsOf(document, task, ''),
    tags: tagsOf({
      [OWN_KEY]: `${run.id}/${task.task}`, 'mlflow.runName': task.task, 'mlflow.source.name': 'pipewright', 'mlflow.source.type': run.executor === 'argo' ? 'JOB' : 'LOCAL',
      'pipewright.pipeline': run.pipeline, 'pipewright.task': task.task, 'pipewright.step': task.step, 'pipewright.cached': String(task.cached),
      ...(task.fingerprint === undefined ? {} : { 'pipewright.fingerprint': task.fingerprint }),
      ...resultTags(task, ''), ...digestTags(document, task, ''), ...shortenedTag(parameters),
    }),
    datasets: Object.entries(task.inputs).flatMap(([input, given]) => {
      if (given === null || Array.isArray(given)) return [];
      const reference = given as ArtifactReference;
      const maker = makerOf(document, reference);
      return datasetInput(options.store, maker === undefined ? input : `${maker.task.task}.${maker.output}`, contract?.inputs[input]?.artifact, reference, maker?.task, 'training');
    }),
    files: [...wholeParameters(parameters), ...(await filesOf(document, task, options, ''))],
    models: modelsOf(document, task),
    children: [], notices: noticesOf(parameters),
  });
}

/** Results at the end of a task, and its curves step by step, spread over the time that it took: times are never now. */
function metricsOf({ figures }: RunDocument, task: TaskRecord, prefix: string): readonly Metric[] {
  const own = figures.filter((one) => one.task === task.task);
  const [start, end] = [Date.parse(task.startedAt), Date.parse(task.finishedAt)];
  const finals = new Map([
    ...[...headlineMetrics(own)].map(([name, value]) => [name.slice(task.task.length + 1), value] as const),
    ...Object.entries(task.results).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : [])),
  ]);
  return [
    ...[...finals].map(([name, value]) => ({ key: keyOf(`${prefix}${name}`), value, timestamp: end, step: 0 })),
    ...curvesOf(own).filter(runsOverSteps).flatMap((curve) => curve.y.flatMap((value, index) =>
      (value === null ? [] : [{ key: keyOf(`${prefix}${slugOf(curve.chart)}.${slugOf(curve.series)}`), value, timestamp: start + Math.round(((end - start) * (index + 1)) / curve.y.length), step: curve.x[index] as number }]))),
  ];
}

async function filesOf(document: RunDocument, task: TaskRecord, { store, datasets }: PlanOptions, prefix: string): Promise<readonly PlannedFile[]> {
  const files: PlannedFile[] = [];
  for (const [output, reference] of Object.entries(task.outputs)) {
    const kind = kindOf(document, task, output)?.kind;
    if (kind === 'model' || (kind === 'dataset' && !datasets)) continue;
    const path = `${prefix}${output}${kind === 'metrics' ? '.json' : kind === 'report' ? '.html' : kind === 'dataset' ? '.arrow' : ''}`;
    if (reference.type === 'file') files.push({ path, open: () => store.getObject(reference.digest) });
    else for (const file of await filesIn(store, reference)) files.push({ path: `${path}/${file.path}`, open: () => store.getObject(file.digest) });
  }
  return files;
}

/** The files of a folder in the store. */
export async function filesIn(store: Store, { digest }: ArtifactReference): Promise<readonly ManifestFile[]> {
  return parseManifest(await text(await store.getObject(digest)), digest);
}

function modelsOf(document: RunDocument, task: TaskRecord): readonly PlannedModel[] {
  return Object.entries(task.outputs).flatMap(([output, reference]) => {
    if (kindOf(document, task, output)?.kind !== 'model' || reference.type !== 'directory') return [];
    return [{ name: keyOf(`${task.task}.${output}`).replaceAll(/[/:.%"']/g, '-'), reference, params: paramsOf(flatten(task.parameters)), tags: tagsOf({ 'pipewright.digest': reference.digest, 'pipewright.run': document.run.id, 'pipewright.task': task.task }) }];
  });
}

function kindOf({ pipeline }: RunDocument, { step }: TaskRecord, output: string): ArtifactType | undefined {
  return pipeline.steps[step]?.outputs[output]?.artifact;
}

function makerOf({ tasks }: RunDocument, { digest }: ArtifactReference): { readonly task: TaskRecord; readonly output: string } | undefined {
  for (const task of tasks) for (const [output, reference] of Object.entries(task.outputs)) if (reference.digest === digest) return { task, output };
  return undefined;
}

function resultTags({ results }: TaskRecord, prefix: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(results).flatMap(([name, value]) => (typeof value === 'number' ? [] : [[`${prefix}${name}`, textOf(value)]])));
}

/** The whole digests: a dataset's own is too short for one in MLflow. */
function digestTags(document: RunDocument, task: TaskRecord, prefix: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(task.outputs).flatMap(([output, { digest }]) => {
    const kind = kindOf(document, task, output)?.kind;
    return kind === 'dataset' || kind === 'model' ? [[`pipewright.${kind}.${prefix}${output}`, digest]] : [];
  }));
}

/** `{candidate: {architecture: …}}` is `candidate.architecture`; lists stay as JSON. */
function flatten(values: Readonly<Record<string, Json>>, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? flatten(value as Readonly<Record<string, Json>>, `${prefix}${name}.`)
      : [[`${prefix}${name}`, textOf(value)] as const]);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

function paramsOf(parameters: readonly (readonly [string, string])[]): readonly Pair[] {
  return parameters.map(([name, value]) => ({ key: keyOf(name), value: shorten(value, LIMITS.paramValue) }));
}

function tagsOf(values: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(values).map(([name, value]) => ({ key: keyOf(name), value: shorten(value, LIMITS.tagValue) }));
}

const isLong = ([, value]: readonly [string, string]): boolean => value.length > LIMITS.paramValue;

/** What MLflow would cut is an artifact beside it. */
function wholeParameters(parameters: readonly (readonly [string, string])[]): readonly PlannedFile[] {
  return parameters.filter(isLong).map(([name, value]) => ({ path: `params/${keyOf(name)}.txt`, open: () => Promise.resolve(Readable.from([Buffer.from(value)])) }));
}

function shortenedTag(parameters: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const names = parameters.filter(isLong).map(([name]) => name);
  return names.length === 0 ? {} : { 'pipewright.shortened_params': names.join(', ') };
}

function noticesOf(parameters: readonly (readonly [string, string])[]): readonly string[] {
  const names = parameters.filter(isLong).map(([name]) => name);
  return names.length === 0 ? [] : [`MLflow takes ${LIMITS.paramValue} characters of a parameter: ${listed(names)} ${names.length === 1 ? 'is' : 'are'} shortened; the whole text is in the artifacts, in params/.`];
}

function seal(run: Omit<PlannedRun, 'digest'>): PlannedRun {
  const { files, children, notices: _, ...rest } = run;
  return { ...run, digest: digestOfJson({ ...rest, metrics: rest.metrics.map((metric) => ({ ...metric, value: String(metric.value) })), files: files.map(({ path }) => path), children: children.map(({ digest }) => digest) }) };
}
