import type { Readable } from 'node:stream';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { oneLine } from '../present/text.ts';
import type { Batch, Pair } from './batches.ts';
import type { Shape } from './shape.ts';
import { Refusal, type Ask, type Transport } from './transport.ts';

/*
 * What an export needs of MLflow's REST API (https://mlflow.org/docs/3.17.0/api_reference/rest-api.html), typed. Only
 * members that are used are named. Every function may be called again after it failed in the middle.
 */

export interface Experiment { readonly experiment_id: string; readonly name: string; readonly lifecycle_stage: string }
export interface MlflowRun {
  readonly info: { readonly run_id: string; readonly experiment_id: string; readonly artifact_uri: string; readonly status: string };
  readonly data?: { readonly tags?: readonly Pair[] };
  readonly outputs?: { readonly model_outputs?: readonly { readonly model_id: string }[] };
}
export interface LoggedModel {
  readonly info: { readonly model_id: string; readonly artifact_uri: string; readonly status: string; readonly source_run_id?: string; readonly creation_timestamp_ms: number };
}
export interface ModelVersion { readonly version: string; readonly tags?: readonly Pair[] }
export interface RegisteredModel { readonly name: string; readonly tags?: readonly Pair[]; readonly aliases?: readonly { readonly alias: string; readonly version: string }[] }
export interface DatasetInput {
  readonly dataset: { readonly name: string; readonly digest: string; readonly source_type: string; readonly source: string; readonly schema?: string; readonly profile?: string };
  readonly tags: readonly Pair[];
}

const TAGS: Shape = [{ key: 'text', 'value?': 'text' }];
const EXPERIMENT: Shape = { experiment: { experiment_id: 'text' } };
const RUN: Shape = { info: { run_id: 'text', artifact_uri: 'text' }, 'data?': { 'tags?': TAGS }, 'outputs?': { 'model_outputs?': [{ model_id: 'text' }] } };
const LOGGED_MODEL: Shape = { info: { model_id: 'text', artifact_uri: 'text', status: 'text', 'source_run_id?': 'text', creation_timestamp_ms: 'time' } };
const REGISTERED_MODEL: Shape = { registered_model: { 'tags?': TAGS, 'aliases?': [{ alias: 'text', version: 'text' }] } };
const VERSION: Shape = { version: 'text', 'tags?': TAGS };

/** The tag by which an export finds its own things again. */
export const OWN_KEY = 'pipewright.run_id';

const API = '/api/2.0/mlflow';

export class MlflowClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Finds an experiment by its name, or makes it. PW906 when it was deleted: MLflow keeps the name taken. */
  async needExperiment(name: string): Promise<Experiment> {
    const found = await this.#transport.makeOnce(
      (ask) => find(async () => (await ask('GET', `${API}/experiments/get-by-name`, { experiment_name: name }, EXPERIMENT))['experiment'] as Experiment),
      async (ask) => {
        // Who comes second is told that it exists, and looks it up.
        await ask('POST', `${API}/experiments/create`, { name }).catch(unlessThere);
        return (await ask('GET', `${API}/experiments/get-by-name`, { experiment_name: name }, EXPERIMENT))['experiment'] as Experiment;
      },
    );
    if (found.lifecycle_stage !== 'deleted') return found;
    throw new PipewrightError({
      code: 'PW906',
      message: `The experiment "${name}" was deleted on the MLflow server, which keeps its name.`,
      fix: `Bring it back with "mlflow experiments restore --experiment-id ${oneLine(found.experiment_id)}", or export to another one with --experiment.`,
    });
  }

  /** The runs that an export made for a key; a search does not tell their outputs. */
  findRuns(experiment: string, key: string, view: 'ACTIVE_ONLY' | 'DELETED_ONLY'): Promise<readonly MlflowRun[]> {
    return searchRuns(this.#transport.json, experiment, key, view);
  }

  /** Finds the run of a key, or makes it with its tags. Of several that two exports made at once the first stays. */
  async needRun(experiment: string, key: string, content: { readonly run_name: string; readonly start_time: number; readonly tags: readonly Pair[] }): Promise<MlflowRun> {
    const made = await this.#transport.makeOnce(
      async (ask) => (await searchRuns(ask, experiment, key, 'ACTIVE_ONLY'))[0],
      async (ask) => (await ask('POST', `${API}/runs/create`, { experiment_id: experiment, ...content }, { run: RUN }))['run'] as MlflowRun,
    );
    const [first, ...others] = await this.findRuns(experiment, key, 'ACTIVE_ONLY');
    for (const other of others) await this.#transport.json('POST', `${API}/runs/delete`, { run_id: other.info.run_id });
    return first ?? made;
  }

  async logBatch(run: string, batch: Batch): Promise<void> {
    await this.#transport.json('POST', `${API}/runs/log-batch`, { run_id: run, ...batch });
  }

  async setTag(run: string, { key, value }: Pair): Promise<void> {
    await this.#transport.json('POST', `${API}/runs/set-tag`, { run_id: run, key, value });
  }

  async logInputs(run: string, datasets: readonly DatasetInput[]): Promise<void> {
    if (datasets.length > 0) await this.#transport.json('POST', `${API}/runs/log-inputs`, { run_id: run, datasets });
  }

  async endRun(run: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endTime: number): Promise<void> {
    await this.#transport.json('POST', `${API}/runs/update`, { run_id: run, status, end_time: endTime });
  }

  /** Finds the model that carries a tag, or makes it, still without files. */
  needLoggedModel(experiment: string, tag: Pair, content: Readonly<Record<string, unknown>>): Promise<LoggedModel> {
    return this.#transport.makeOnce(
      async (ask) => ((await ask('POST', `${API}/logged-models/search`, { experiment_ids: [experiment], filter: `tags.\`${tag.key}\` = '${tag.value}'` }, { 'models?': [LOGGED_MODEL] }))['models'] as readonly LoggedModel[] | null | undefined)?.find(({ info }) => !info.status.includes('UPLOAD_FAILED')),
      async (ask) => (await ask('POST', `${API}/logged-models`, { experiment_id: experiment, ...content }, { model: LOGGED_MODEL }))['model'] as LoggedModel,
    );
  }

  async finishLoggedModel(model: string, status: 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED'): Promise<void> {
    await this.#transport.json('PATCH', `${API}/logged-models/${encodeURIComponent(model)}`, { model_id: model, status });
  }

  /** Says that a run made a model. MLflow 3.17 refuses to hear it twice, so a look comes first. */
  async linkOutput(run: string, model: string): Promise<void> {
    await this.#transport.makeOnce(
      async (ask) => (((await ask('GET', `${API}/runs/get`, { run_id: run }, { run: RUN }))['run'] as MlflowRun).outputs?.model_outputs ?? []).find(({ model_id }) => model_id === model),
      async (ask) => {
        await ask('POST', `${API}/runs/outputs`, { run_id: run, models: [{ model_id: model, step: 0 }] });
        return { model_id: model };
      },
    );
  }

  async needRegisteredModel(name: string, content: { readonly description: string; readonly tags: readonly Pair[] }): Promise<RegisteredModel> {
    return this.#transport.makeOnce(
      (ask) => find(async () => (await ask('GET', `${API}/registered-models/get`, { name }, REGISTERED_MODEL))['registered_model'] as RegisteredModel),
      async (ask) => {
        await ask('POST', `${API}/registered-models/create`, { name, ...content }).catch(unlessThere);
        return (await ask('GET', `${API}/registered-models/get`, { name }, REGISTERED_MODEL))['registered_model'] as RegisteredModel;
      },
    );
  }

  async setRegisteredModelTag(name: string, { key, value }: Pair): Promise<void> {
    await this.#transport.json('POST', `${API}/registered-models/set-tag`, { name, key, value });
  }

  listModelVersions(name: string): Promise<readonly ModelVersion[]> {
    return searchVersions(this.#transport.json, name);
  }

  /** Finds the version that carries a tag, or makes it. MLflow counts its versions itself. */
  needModelVersion(name: string, tag: Pair, content: Readonly<Record<string, unknown>>): Promise<ModelVersion> {
    return this.#transport.makeOnce(
      async (ask) => (await searchVersions(ask, name)).find(({ tags }) => valueOf(tags, tag.key) === tag.value),
      async (ask) => (await ask('POST', `${API}/model-versions/create`, { name, ...content }, { model_version: VERSION }))['model_version'] as ModelVersion,
    );
  }

  async setModelVersionTag(name: string, version: string, { key, value }: Pair): Promise<void> {
    await this.#transport.json('POST', `${API}/model-versions/set-tag`, { name, version, key, value });
  }

  async setAlias(name: string, alias: string, version: string): Promise<void> {
    await this.#transport.json('POST', `${API}/registered-models/alias`, { name, alias, version });
  }

  /**
   * Puts a file below a place that the server named. False when artifacts do not go through the server (it has another
   * kind of place, such as `s3://`, or serves none), so that only a client with its own keys could put them there.
   */
  async putFile(artifactUri: string, path: string, open: () => Promise<Readable>): Promise<boolean> {
    const root = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*)$/.exec(artifactUri)?.[1];
    if (root === undefined) return false;
    await this.#transport.upload(`/api/2.0/mlflow-artifacts/artifacts/${[...root.split('/'), ...path.split('/')].filter((part) => part !== '').map(encodeURIComponent).join('/')}`, open);
    return true;
  }
}

export function valueOf(tags: readonly Pair[] | undefined, key: string): string | undefined {
  return tags?.find((tag) => tag.key === key)?.value;
}

async function searchRuns(ask: Ask, experiment: string, key: string, view: string): Promise<readonly MlflowRun[]> {
  const content = { experiment_ids: [experiment], filter: `tags.\`${OWN_KEY}\` = '${key}'`, run_view_type: view, max_results: 100 };
  const runs = ((await ask('POST', `${API}/runs/search`, content, { 'runs?': [RUN] }))['runs'] ?? []) as readonly MlflowRun[];
  return [...runs].sort((a, b) => (a.info.run_id < b.info.run_id ? -1 : 1));
}

async function searchVersions(ask: Ask, name: string): Promise<readonly ModelVersion[]> {
  const found: ModelVersion[] = [];
  let page: string | undefined;
  let asked: string | undefined;
  do {
    asked = page;
    const answer = await ask('GET', `${API}/model-versions/search`, { filter: `name='${name}'`, max_results: 1000, page_token: page }, { 'model_versions?': [VERSION], 'next_page_token?': 'text' });
    found.push(...((answer['model_versions'] ?? []) as readonly ModelVersion[]));
    page = (answer['next_page_token'] as string | undefined) || undefined;
    // A server that always names the same page has no other.
  } while (page !== undefined && page !== asked);
  return found;
}

async function find<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
}

function unlessThere(error: unknown): undefined {
  if (error instanceof Refusal && error.reason === 'RESOURCE_ALREADY_EXISTS') return undefined;
  throw error;
}
