import type { StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { latestRun, listRuns, readRun, readTask, readTasks } from '../../dsl/local/index.ts';
import type { Digest, Json } from '../../dsl/util/index.ts';
import { findEarlierJudgements, formatJudgements, lastIntervention, openRegistry, servedVersion } from '../../registry/index.ts';
import { mapBounded, type Store } from '../../store/index.ts';
import { runAuthorsCode } from '../load/authors-code.ts';
import { ignoreUnreadable } from '../load/ignore-unreadable.ts';

type Values = Readonly<Record<string, Json>>;

/** Their records are read, which are small. */
const RUNS_AT_ONCE = 32;

export interface PrepareOptions {
  /** Of all runs. */
  readonly folder: string;
  readonly store: Store;
  readonly codeOf: (contract: StepContract) => Promise<Digest>;
}

/**
 * Lets a pipeline fill in parameters that depend on the world, if its file exports a function `prepare` beside it
 * (pipeline/prepare.ts; docs/decisions/0006). What it answers is bound and checked as if it had been given.
 */
export async function prepareRun(exported: Readonly<Record<string, unknown>>, pipeline: CheckedPipeline, given: Values, options: PrepareOptions): Promise<Values> {
  const { prepare } = exported;
  if (typeof prepare !== 'function') return given;
  const surroundings = {
    modelBehind: (name: string, alias: string) => modelBehind(options.store, name, alias),
    lastIntervention: (name: string, alias: string) => interventionOf(options.store, name, alias),
    earlierJudgements: (name: string) => earlierJudgements(name, pipeline, options),
    lastRun: () => lastRun(pipeline, options),
    lastDataset: (isWanted: (parameters: Values) => boolean) => lastDataset(pipeline, isWanted, options),
    holds: async (digest: string) => (await options.store.statObject(digest as Digest)) !== undefined,
    today: () => new Date(),
  };
  const who = `The function "prepare" of the pipeline "${pipeline.name}"`;
  const prepared = await runAuthorsCode(who, '', async () => (prepare as (given: Values, surroundings: object) => unknown)(given, surroundings));
  if (prepared === undefined || prepared === null) return given;
  if (typeof prepared === 'object' && !Array.isArray(prepared)) return prepared as Values;
  throw new PipewrightError({ code: 'PW902', message: `${who} returns no object of parameters, but ${Array.isArray(prepared) ? 'a list' : `a ${typeof prepared}`}.`, fix: 'Return { ...given } with what it fills in.' });
}

async function modelBehind(store: Store, name: string, alias: string): Promise<Digest | undefined> {
  const registry = openRegistry(store);
  // A model that was never registered is in no production.
  if (!(await registry.listModels()).includes(name)) return undefined;
  const version = servedVersion(await registry.ledger(name), alias);
  return version === undefined ? undefined : (await registry.readVersion(name, version)).artifact.digest;
}

async function interventionOf(store: Store, name: string, alias: string): Promise<number> {
  const registry = openRegistry(store);
  return (await registry.listModels()).includes(name) ? lastIntervention(await registry.ledger(name), alias) : 0;
}

/** By the ledger, and by the verdicts of all runs of this pipeline that are kept. */
async function earlierJudgements(name: string, pipeline: CheckedPipeline, { folder, store }: PrepareOptions): Promise<string> {
  const judging = new Set(Object.values(pipeline.steps).filter(({ outputs }) => 'verdict' in outputs).map((contract) => contract.name));
  const verdictsOf = async (id: string): Promise<readonly (Digest | undefined)[]> => {
    const run = await readRun(folder, id).catch(ignoreUnreadable);
    if (run === undefined || run.pipeline !== pipeline.name || run.parameters['name'] !== name) return [];
    const judged = run.tasks.filter(({ step }) => judging.has(step));
    return Promise.all(judged.map(async ({ task }) => (await readTask(folder, id, task).catch(ignoreUnreadable))?.outputs['verdict']?.digest));
  };
  const verdicts = (await mapBounded(await listRuns(folder), RUNS_AT_ONCE, verdictsOf)).flat().filter((digest) => digest !== undefined);
  return formatJudgements(await findEarlierJudgements(store, name, verdicts));
}

/** The last run, if it succeeded; and whether its steps are what they were. */
async function lastRun(pipeline: CheckedPipeline, { folder, codeOf }: PrepareOptions): Promise<{ parameters: Values; results: Record<string, Values>; hasSameCode: boolean } | undefined> {
  const id = await latestRun(folder, pipeline.name);
  const run = id === undefined ? undefined : await readRun(folder, id).catch(ignoreUnreadable);
  if (run === undefined || run.status !== 'Succeeded') return undefined;
  const tasks = await readTasks(folder, run.id).catch(ignoreUnreadable);
  if (tasks === undefined) return undefined;
  const codes = new Map(await Promise.all(Object.values(pipeline.steps).map(async (contract) => [contract.name, await codeOf(contract)] as const)));
  return {
    parameters: run.parameters,
    results: Object.fromEntries(tasks.map(({ task, results }) => [task, results])),
    hasSameCode: tasks.every(({ step, parts }) => parts?.code === codes.get(step)),
  };
}

/** What the task `ingest` wrote the last time that it succeeded for such parameters. A run in which it refused restated history must not make the next one forget. */
async function lastDataset(pipeline: CheckedPipeline, isWanted: (parameters: Values) => boolean, { folder }: PrepareOptions): Promise<Digest | undefined> {
  for (const id of await listRuns(folder)) {
    const run = await readRun(folder, id).catch(ignoreUnreadable);
    if (run?.pipeline !== pipeline.name || !isWanted(run.parameters) || !run.tasks.some(({ task, status }) => task === 'ingest' && status === 'Succeeded')) continue;
    const digest = (await readTask(folder, id, 'ingest').catch(ignoreUnreadable))?.outputs['prices']?.digest;
    if (digest !== undefined) return digest;
  }
  return undefined;
}
