import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { listed } from '../../dsl/util/index.ts';
import { EXIT, issuesOf, printIssues } from '../errors.ts';
import { openStoreOf } from '../options.ts';
import { choosePresenter, type Presenter } from '../present/presenter.ts';
import { concludeRun } from '../start/conclude-run.ts';
import type { ClusterVerbOptions, FollowVerbOptions } from '../submit.ts';
import { counted, formatBytes } from '../words/numbers.ts';
import { openClusterStore } from './cluster-store.ts';
import type { Cluster } from './connect.ts';
import { followRun, type Followed } from './follow-run.ts';
import { pullOutputs } from './pull.ts';
import type { Workflow } from './workflow.ts';

/** Follows a run on a cluster as `run` follows one here: the same views, summary and report. Returns the exit code. */
export async function showRun(cluster: Cluster, pipeline: CheckedPipeline, workflow: Workflow, options: FollowVerbOptions, isNew = false): Promise<number> {
  const presenter = await choosePresenter(pipeline, options.output);
  const away = new AbortController();
  const onSignal = (): void => {
    if (away.signal.aborted) process.exit(EXIT.cancelled);
    away.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let followed: Followed;
  try {
    followed = await followRun({ cluster, pipeline, workflow, folder: options.folder, presenter, isNew, patienceSeconds: options.patience, signal: away.signal });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    presenter.close();
  }
  const { name } = workflow.metadata;
  if (followed.status === undefined) {
    process.stderr.write(`${name} goes on without you.\n${howToGoOn(name, options).map((line) => `  ${line}`).join('\n')}\n`);
    return EXIT.cancelled;
  }
  const store = await openStoreOf(options);
  await pull(cluster, pipeline, followed, options, presenter);
  await concludeRun(followed, store, presenter, options);
  if (followed.status === 'Succeeded') return EXIT.good;
  return followed.status === 'Cancelled' ? EXIT.cancelled : EXIT.failed;
}

/** What to type to see more of a workflow, or to end it. */
export function howToGoOn(name: string, { namespace, context }: ClusterVerbOptions): readonly string[] {
  const where = `${namespace === 'pipewright' ? '' : ` --namespace ${namespace}`}${context === undefined ? '' : ` --context ${context}`}`;
  return [`follow it: pipewright watch ${name}${where}`, `stop it:   pipewright stop ${name}${where}`];
}

/** What cannot be fetched is told of: the run is what it is, and its outputs are where they are. */
async function pull(cluster: Cluster, pipeline: CheckedPipeline, { tasks }: Followed, options: FollowVerbOptions, presenter: Presenter): Promise<void> {
  const isWanted = options.pull === 'all' || (options.pull === 'report' && options.report);
  if (!isWanted || tasks.every(({ outputs, fingerprint }) => Object.keys(outputs).length === 0 && fingerprint === undefined)) return;
  try {
    await using opened = await openClusterStore(cluster);
    const { artifacts, bytes, lost } = await pullOutputs(opened.store, await openStoreOf(options), pipeline, tasks, options.pull);
    if (lost.length > 0) presenter.tell(`The cluster's store does not have ${listed(lost)}: the report lacks what it shows of them.`);
    if (options.pull === 'all' && presenter.kind !== 'ndjson') process.stdout.write(`Fetched ${counted(artifacts, 'artifact')}, ${formatBytes(bytes)} of them new here.\n`);
  } catch (error) {
    const issues = issuesOf(error);
    if (issues === undefined) throw error;
    printIssues(issues);
  }
}
