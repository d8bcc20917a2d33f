import { PipewrightError } from '../../dsl/errors/index.ts';
import { listRuns, type FoundRun } from '../../dsl/local/index.ts';
import { openRegistry } from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import { EXIT } from '../errors.ts';
import { findRun } from '../load/find-run.ts';
import type { MlflowExportOptions } from '../mlflow.ts';
import { openStoreOf } from '../options.ts';
import { oneLine } from '../present/text.ts';
import { readRunDocument } from '../report/read-run.ts';
import { counted } from '../words/numbers.ts';
import { MlflowClient, type MlflowRun } from './client.ts';
import { planRun } from './plan-run.ts';
import { sendModelOfRegistry } from './send-registry.ts';
import { sendRun } from './send-run.ts';
import { readMlflowSettings, type MlflowSettings } from './settings.ts';
import { firstLine, openTransport, PATIENCE, Refusal } from './transport.ts';

/** Errors about what one run has left, not about the store or the server. */
const DAMAGED: ReadonlySet<string> = new Set(['PW309', 'PW401', 'PW402', 'PW404', 'PW903']);

/** The verb `mlflow export`. Returns the exit code: 1 when something could not be sent. */
export async function exportRuns(wanted: readonly string[], options: MlflowExportOptions): Promise<number> {
  if (options.all && wanted.length > 0) throw new PipewrightError({ code: 'PW901', message: 'Runs are named although --all is given.', fix: 'Leave one of the two out.' });
  const settings = readMlflowSettings(options.trackingUri, process.env);
  const store = await openStoreOf(options);
  const runs = options.all ? await allRuns(options.folder) : await namedRuns(options.folder, wanted.length === 0 ? ['latest'] : wanted);
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  return exportThese(runs, { ...options, settings, store, tell });
}

export interface ExportRequest extends Pick<MlflowExportOptions, 'folder' | 'experiment' | 'datasets' | 'registry' | 'again' | 'attempts'> {
  readonly settings: MlflowSettings;
  readonly store: Store;
  tell(line: string): void;
}

/** Sends runs, then the registry. PW906 when the server cannot be used; what was sent until then stays and is not sent again. */
export async function exportThese(runs: readonly FoundRun[], { settings, store, tell: print, ...options }: ExportRequest): Promise<number> {
  // Identifiers are the server's words: none may move the cursor.
  const tell = (line: string): void => print(oneLine(line));
  const client = new MlflowClient(openTransport(settings, { ...PATIENCE, attempts: options.attempts }));
  try {
    const experiments = new Map<string, string>();
    const experimentOf = async (pipeline: string): Promise<string> => {
      const name = options.experiment ?? pipeline;
      const known = experiments.get(name) ?? (await client.needExperiment(name)).experiment_id;
      experiments.set(name, known);
      return known;
    };
    let code: number = EXIT.good;
    // The oldest first: so the run that trained a model is its source there, not one that took it from the cache.
    for (const run of [...runs].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))) {
      if (run.status === 'Running') {
        tell(`${run.id}  still runs: left out`);
        continue;
      }
      const plan = await planRun(await readRunDocument(options.folder, run.id, store), { folder: options.folder, store, datasets: options.datasets }).catch((error: unknown) => {
        // One damaged run must not keep the others from going.
        if (runs.length === 1 || !(error instanceof PipewrightError) || !DAMAGED.has(error.code)) throw error;
        code = EXIT.failed;
        tell(`${run.id}  cannot be read: ${error.issues[0]!.message}`);
        return undefined;
      });
      if (plan === undefined) continue;
      const experiment = await experimentOf(run.pipeline);
      const sent = await sendRun(plan, { client, store, experiment, again: options.again });
      switch (sent.kind) {
        case 'Deleted':
          tell(`${run.id}  was deleted on the server: left out`);
          break;
        case 'There':
          tell(`${run.id}  is there already: ${settings.address}/#/experiments/${experiment}/runs/${sent.run}`);
          break;
        case 'Sent': {
          const metrics = [plan, ...plan.children].reduce((sum, one) => sum + one.metrics.length, 0);
          const files = [plan, ...plan.children].reduce((sum, one) => sum + one.files.length, 0);
          tell(`${run.id}  sent: ${counted(metrics, 'metric value')}, ${counted(files, 'file')}${plan.children.length === 0 ? '' : `, ${counted(plan.children.length, 'run')} below it`}: ${settings.address}/#/experiments/${experiment}/runs/${sent.run}`);
          for (const notice of sent.notices) tell(`  ${notice}`);
        }
      }
    }
    if (options.registry) await sendRegistry({ client, store, options, tell, experimentOf });
    return code;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new PipewrightError({ code: 'PW906', message: `The MLflow server ${settings.address} refuses (${error.reason}): ${firstLine(error.message)}.`, fix: 'If it is of another version than MLflow 3, try a newer one; otherwise please report it. What was sent before stays, and a second export goes on from there.' }, { cause: error });
  }
}

async function sendRegistry({ client, store, options, tell, experimentOf }: {
  readonly client: MlflowClient; readonly store: Store; readonly options: Pick<ExportRequest, 'folder'>; tell(line: string): void; experimentOf(pipeline: string): Promise<string>;
}): Promise<void> {
  const registry = openRegistry(store);
  for (const name of await registry.listModels()) {
    // The model is in the experiment of the pipeline that decided on it; of one that came in by hand, in its own.
    const decided = (await registry.ledger(name)).findLast((entry) => entry.run !== null)?.run;
    const pipeline = decided == null ? name : ((await findRun(options.folder, decided).catch(noSuchRun))?.pipeline ?? name);
    const experiment = await experimentOf(pipeline);
    const findExported = async (run: string): Promise<MlflowRun | undefined> => (await client.findRuns(experiment, run, 'ACTIVE_ONLY'))[0];
    const { versions, added, moved, notices } = await sendModelOfRegistry(name, registry, { client, store, experiment, findRun: findExported });
    tell(`model ${name}  ${counted(versions, 'version')}, ${added === 0 ? 'all there already' : `${added} new there`}${moved.length === 0 ? '' : `; ${moved.join(', ')}`}`);
    for (const notice of notices) tell(`  ${notice}`);
  }
}

function noSuchRun(error: unknown): undefined {
  if (error instanceof PipewrightError) return undefined;
  throw error;
}

async function allRuns(folder: string): Promise<readonly FoundRun[]> {
  const found: FoundRun[] = [];
  for (const id of await listRuns(folder)) {
    const run = await findRun(folder, id).catch(noSuchRun);
    if (run !== undefined) found.push(run);
  }
  return found;
}

async function namedRuns(folder: string, wanted: readonly string[]): Promise<readonly FoundRun[]> {
  const found = new Map<string, FoundRun>();
  for (const name of wanted) {
    const run = await findRun(folder, name);
    found.set(run.id, run);
  }
  return [...found.values()];
}
