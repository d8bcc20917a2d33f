import { Readable } from 'node:stream';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { mapBounded, type Store } from '../../store/index.ts';
import { batchesOf, type Pair } from './batches.ts';
import { valueOf, type LoggedModel, type MlflowClient, type MlflowRun } from './client.ts';
import { filesIn } from './plan-run.ts';
import type { PlannedModel, PlannedRun } from './planned.ts';

/** Set last, to the digest of all that was sent: whoever finds it need not send anything again. */
const SENT = 'pipewright.exported';
const UPLOADS = 4;

export interface Sending {
  readonly client: MlflowClient;
  readonly store: Store;
  readonly experiment: string;
  /** Send all again, although it is there. */
  readonly again: boolean;
}

export type Sent =
  | { readonly kind: 'Sent' | 'There'; readonly run: string; readonly notices: readonly string[] }
  /** Somebody deleted it on the server. */
  | { readonly kind: 'Deleted' };

/** Sends a run with those below it, or finishes what an earlier export left undone. */
export async function sendRun(plan: PlannedRun, sending: Sending, parent?: string): Promise<Sent> {
  const { client, experiment } = sending;
  if (parent === undefined && (await client.findRuns(experiment, plan.key, 'ACTIVE_ONLY')).length === 0 && (await client.findRuns(experiment, plan.key, 'DELETED_ONLY')).length > 0) return { kind: 'Deleted' };
  const ofParent: readonly Pair[] = parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: parent }];
  // What is found again by is in the request that makes the run: there is no moment in which it has none.
  const run = await client.needRun(experiment, plan.key, { run_name: plan.name, start_time: plan.startTime, tags: [...plan.tags, ...ofParent].slice(0, 100) });
  const { run_id: id } = run.info;
  if (!sending.again && valueOf(run.data?.tags, SENT) === plan.digest) return { kind: 'There', run: id, notices: [] };
  const notices = [...plan.notices];
  for (const child of plan.children) {
    const sent = await sendRun(child, sending, id);
    if (sent.kind !== 'Deleted') notices.push(...sent.notices.map((notice) => `${child.name}: ${notice}`));
  }
  for (const batch of batchesOf({ ...plan, tags: [...plan.tags, ...ofParent] })) await client.logBatch(id, batch);
  await client.logInputs(id, plan.datasets);
  notices.push(...(await sendFiles(plan, run, client)));
  for (const model of plan.models) await sendModel(model, run, sending);
  await client.endRun(id, plan.status, plan.endTime);
  await client.setTag(id, { key: SENT, value: plan.digest });
  return { kind: 'Sent', run: id, notices: [...new Set(notices)] };
}

async function sendFiles({ files }: PlannedRun, { info }: MlflowRun, client: MlflowClient): Promise<readonly string[]> {
  const missing: string[] = [];
  const went = await mapBounded(files, UPLOADS, async ({ path, open }) => {
    try {
      return await client.putFile(info.artifact_uri, path, open);
    } catch (error) {
      // Cleaned away or damaged: the run goes without it, and `artifacts get` says what is wrong.
      if (!(error instanceof PipewrightError) || !['PW401', 'PW402'].includes(error.code)) throw error;
      missing.push(path);
      return true;
    }
  });
  return [
    ...(went.includes(false) ? [`The server keeps artifacts in ${info.artifact_uri.split(':')[0]!}, which only a client with keys of its own can write to: they are not sent. Start it with --serve-artifacts.`] : []),
    ...missing.map((path) => `${path} is damaged or no longer in the store: it is not sent.`),
  ];
}

/** A logged model for each digest: a model that a later run took from the cache is the same one there too. */
async function sendModel(model: PlannedModel, run: MlflowRun, sending: Sending): Promise<void> {
  const logged = await needModel(sending, { name: model.name, reference: model.reference, run, params: model.params, tags: model.tags });
  await sending.client.linkOutput(run.info.run_id, logged.info.model_id);
}

export interface ModelToSend extends Pick<PlannedModel, 'name' | 'reference' | 'params' | 'tags'> {
  /** The run that made it, if it is known. */
  readonly run?: MlflowRun | undefined;
}

/** Finds the logged model of a digest, or makes it with its files. */
export async function needModel({ client, store, experiment }: Omit<Sending, 'again'>, { name, reference, run, params, tags }: ModelToSend): Promise<LoggedModel> {
  const logged = await client.needLoggedModel(experiment, { key: 'pipewright.digest', value: reference.digest }, {
    name, model_type: 'pipewright', params, tags, ...(run === undefined ? {} : { source_run_id: run.info.run_id }),
  });
  const { model_id: id, artifact_uri: place, status, creation_timestamp_ms: created } = logged.info;
  if (status === 'LOGGED_MODEL_READY') return logged;
  try {
    const files = await filesIn(store, reference);
    await mapBounded(files, UPLOADS, ({ path, digest }) => client.putFile(place, path, () => store.getObject(digest)));
    // Last, as it says what is there. JSON is YAML; without this file MLflow's own client takes it for no model.
    const about = { flavors: { pipewright: { format: 'tfjs-layers-model', digest: reference.digest } }, model_id: id, utc_time_created: new Date(created).toISOString().replace('T', ' ').slice(0, 23), model_size_bytes: reference.size, ...(run === undefined ? {} : { run_id: run.info.run_id }) };
    await client.putFile(place, 'MLmodel', () => Promise.resolve(Readable.from([Buffer.from(JSON.stringify(about, undefined, 2))])));
  } catch (error) {
    if (error instanceof PipewrightError && ['PW401', 'PW402'].includes(error.code)) await client.finishLoggedModel(id, 'LOGGED_MODEL_UPLOAD_FAILED');
    throw error;
  }
  await client.finishLoggedModel(id, 'LOGGED_MODEL_READY');
  return logged;
}
