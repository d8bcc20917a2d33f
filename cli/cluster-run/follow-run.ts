import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CoreV1Api, type V1Pod } from '@kubernetes/client-node';
import { readMessage } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createEmitter } from '../../dsl/local/emitter.ts';
import type { RunEvent } from '../../dsl/local/event.ts';
import { History } from '../../dsl/local/history.ts';
import { readPart } from '../../dsl/local/read-part.ts';
import { RunFolder } from '../../dsl/local/run-folder.ts';
import type { Reason, RunRecord, TaskRecord } from '../../dsl/local/run-record.ts';
import type { RunStatus } from '../../dsl/local/status.ts';
import type { Presenter } from '../present/presenter.ts';
import { leaveMessage, listOnce, shutDown, workflowsPath } from './argo-api.ts';
import type { Cluster } from './connect.ts';
import { examineController, lastWarning } from './doctor.ts';
import { explainApiError } from './explain-api.ts';
import { failureIn, saysNothing } from './explain-node.ts';
import { followObjects } from './follow-object.ts';
import { LazyLog } from './lazy-log.ts';
import { LogFollower, nodeOf } from './log-follower.ts';
import { causeIn, reasonsFor } from './reasons.ts';
import { groupSummaryOf, recordOf, summaryOf } from './records.ts';
import { parametersOf, SnapshotReader, type Snapshot } from './snapshot.ts';
import { StuckPods } from './stuck-pods.ts';
import { isOver, secondsBetween, statusOfRun, Tracker } from './tracker.ts';
import { hasEnded, timeOf, type Workflow } from './workflow.ts';

export interface FollowOptions {
  readonly cluster: Cluster;
  readonly pipeline: CheckedPipeline;
  /** As it was when it was created or looked up. */
  readonly workflow: Workflow;
  /** Of all runs. */
  readonly folder: string;
  readonly presenter: Pick<Presenter, 'onEvent' | 'tell'>;
  /** Submitted just now: it is the last run of its pipeline, whatever the cluster's clock says. */
  readonly isNew: boolean;
  /** How long a pod that cannot start is waited for. */
  readonly patienceSeconds: number;
  /** Aborted when the user does not want to look on any longer. */
  readonly signal: AbortSignal;
}

export interface Followed {
  readonly id: string;
  /** Undefined when its user looked away first. */
  readonly status: RunStatus | undefined;
  readonly tasks: readonly TaskRecord[];
  /** The run's own folder. */
  readonly folder: string;
}

const TICK_MS = 2000;
/** After so long without any change, and without a pod at work, somebody has to look why. */
const SILENCE_MS = 20_000;
const LOG_PATIENCE_MS = 5000;
/** A pod that has waited so long without a word is looked at, and only so many at a time. */
const START_MS = 15_000;
const LOOKED_AT = 5;
/** A reader that finds this knows that no process of any host of its own is meant. */
const NOWHERE = { pid: 0, host: 'cluster' } as const;

/**
 * Follows a workflow to its end: tells its events as those of a local run, keeps the logs of its steps, and writes the
 * run folder. A lost connection is waited for. A pod that can never start is told of at once, and the run is ended when
 * that has lasted too long.
 */
export async function followRun(options: FollowOptions): Promise<Followed> {
  return new RunFollower(options).follow();
}

class RunFollower {
  readonly #options: FollowOptions;
  readonly #reader: SnapshotReader;
  readonly #tracker: Tracker;
  readonly #stuck: StuckPods;
  readonly #stop = new AbortController();
  readonly #told = new Map<string, Reason>();
  /** Argo's node of each attempt that has been told of. */
  readonly #begun = new Map<string, { readonly task: string; readonly node: string; readonly attempt: number; readonly log: LazyLog }>();
  #tellPodsListed!: () => void;
  /** Settled when all pods were listed once. */
  readonly #podsListed = new Promise<void>((resolve) => (this.#tellPodsListed = resolve));
  /** Lines of attempts that have not been told of. */
  readonly #early = new Map<string, string[]>();
  readonly #pods = new Map<string, V1Pod>();
  /** What the kubelet says of pods that wait, by Argo's node. */
  readonly #warnings = new Map<string, string>();
  readonly #records: TaskRecord[] = [];
  #workflow: Workflow;
  #seen = '';
  #changedAt = Date.now();
  #wasDeleted = false;
  #failure: unknown;
  #wake: () => void = () => undefined;
  #emit: (event: RunEvent) => void = () => undefined;
  #controller: Reason | undefined;
  #hasAskedAt = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#workflow = options.workflow;
    const parameters = parametersOf(options.pipeline, options.workflow);
    this.#reader = new SnapshotReader(options.pipeline, parameters);
    this.#tracker = new Tracker(options.pipeline, parameters);
    this.#stuck = new StuckPods(options.patienceSeconds);
  }

  async follow(): Promise<Followed> {
    const { cluster, pipeline, folder: runs, presenter, signal, isNew } = this.#options;
    const { name } = this.#workflow.metadata;
    const root = resolve(runs);
    const startedAt = new Date(timeOf(this.#workflow.metadata.creationTimestamp) ?? Date.now());
    const begun = (id: string, previous: string | undefined): RunRecord => ({
      format: 'pipewright/run/1', id, pipeline: pipeline.name, status: 'Running', parameters: this.#reader.values.parameters, executor: 'argo', maximumParallel: pipeline.parallelism ?? 0,
      ...(previous === undefined ? {} : { previous }), startedAt: startedAt.toISOString(), process: NOWHERE, tasks: [], groups: [],
    });
    const earlier = await readPart<RunRecord>(root, name, 'run.json').catch(() => undefined);
    const folder = await RunFolder.createNamed(root, name, pipeline, begun, { isNew });
    const history = new History(root, folder.previous);
    const emitter = createEmitter(folder, (event) => presenter.onEvent(event));
    this.#emit = emitter.emit;
    const onAbort = (): void => {
      this.#stop.abort();
      this.#wake();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    // Each log listens.
    setMaxListeners(0, this.#stop.signal);
    const logs = new LogFollower(cluster, (node, line) => this.#onLine(node, line), this.#stop.signal);
    const watching = [this.#watchWorkflow(name), this.#watchPods(name, logs)];
    try {
      // Of a run that is over already the logs are read once its pods are known.
      await Promise.race([this.#podsListed, wait(LOG_PATIENCE_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined)]);
      let snapshot = await this.#step(folder, history, logs);
      while (!snapshot.hasEnded && !this.#wasDeleted && !signal.aborted) {
        await this.#change();
        if (this.#failure !== undefined) throw explainApiError(this.#failure, { what: 'follow the workflow', context: cluster.context, server: cluster.config.getCurrentCluster()?.server ?? '', namespace: cluster.namespace });
        if (signal.aborted) break;
        snapshot = await this.#step(folder, history, logs);
        if (!snapshot.hasEnded) await this.#examine(snapshot);
      }
      if (!snapshot.hasEnded) {
        if (this.#wasDeleted) throw new PipewrightError({ code: 'PW304', message: `The workflow ${name} was deleted while it ran.`, fix: 'Submit again: finished steps are taken from the cache.' });
        return { id: name, status: undefined, tasks: this.#records, folder: folder.path };
      }
      await this.#write(folder, begun(name, folder.previous), snapshot);
      const cause = causeIn(this.#workflow);
      if (cause !== undefined) await leaveMessage(cluster, name, `${cause.code}: ${cause.message} → ${cause.fix}`).catch(() => undefined);
      return { id: name, status: statusOfRun(snapshot), tasks: this.#records, folder: folder.path };
    } catch (error) {
      // Nobody may come back to it. What an earlier look saw to its end stays.
      await folder.writeRecord(earlier?.finishedAt === undefined ? unfollowed(begun(name, folder.previous), error) : earlier).catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#stop.abort();
      for (const { log } of this.#begun.values()) log.end();
      await Promise.allSettled(watching);
      await folder.close();
      emitter.rethrow();
    }
  }

  #watchWorkflow(name: string): Promise<void> {
    const { cluster, presenter } = this.#options;
    const take = (workflow: Workflow): void => {
      this.#workflow = workflow;
      this.#wake();
    };
    return followObjects<Workflow>(
      cluster.config,
      { path: workflowsPath(cluster.namespace), selectors: { fieldSelector: `metadata.name=${name}` }, list: () => listOnce(cluster, name) },
      {
        onList: ([found]) => {
          if (found !== undefined) return take(found);
          this.#wasDeleted = true;
          this.#wake();
        },
        onChange: (workflow, wasDeleted) => {
          this.#wasDeleted ||= wasDeleted && !hasEnded(workflow);
          take(workflow);
        },
        onConnection: (state, why) => presenter.tell(state === 'lost' ? `The connection to the cluster is lost (${why}): trying again. The workflow goes on meanwhile.` : 'The cluster answers again.'),
      },
      this.#stop.signal,
    ).catch((error: unknown) => this.#fail(error));
  }

  #watchPods(name: string, logs: LogFollower): Promise<void> {
    const { cluster } = this.#options;
    const labelSelector = `workflows.argoproj.io/workflow=${name}`;
    const core = cluster.config.makeApiClient(CoreV1Api);
    const take = (pod: V1Pod): void => {
      const node = nodeOf(pod);
      if (node !== undefined) this.#pods.set(node, pod);
      logs.onPod(pod);
    };
    return followObjects<V1Pod>(
      cluster.config,
      {
        path: `/api/v1/namespaces/${cluster.namespace}/pods`,
        selectors: { labelSelector },
        list: async () => {
          const found = await core.listNamespacedPod({ namespace: cluster.namespace, labelSelector });
          return { items: found.items, resourceVersion: found.metadata?.resourceVersion ?? '' };
        },
      },
      {
        onList: (pods) => {
          pods.forEach(take);
          this.#tellPodsListed();
        },
        onChange: take,
        onConnection: () => undefined,
      },
      this.#stop.signal,
    ).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** Until something is new, or for a moment: a pod that waits changes nothing. */
  async #change(): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    if ((this.#workflow.metadata.resourceVersion ?? '') !== this.#seen) return;
    await wait(TICK_MS, undefined, { signal: woken.signal }).catch(() => undefined);
  }

  /** Tells what is new. */
  async #step(folder: RunFolder, history: History, logs: LogFollower): Promise<Snapshot> {
    const workflow = this.#workflow;
    const version = workflow.metadata.resourceVersion ?? '';
    const snapshot = this.#reader.read(workflow);
    if (version === this.#seen) return snapshot;
    this.#seen = version;
    this.#changedAt = Date.now();
    await Promise.all(this.#tracker.newlyEnded(snapshot).map(({ attempt }) => logs.finish(attempt.node.id, LOG_PATIENCE_MS)));
    const reasons = reasonsFor(this.#options.pipeline, snapshot, this.#withEarlyFailures());
    for (const event of this.#tracker.apply(snapshot, Date.now(), reasons)) {
      this.#emit(event);
      if (event.kind === 'AttemptStarted') this.#begin(folder, snapshot, event.task, event.attempt);
      if (event.kind !== 'TaskEnded') continue;
      const seen = snapshot.tasks.find(({ task }) => task === event.task)!;
      const record = await recordOf(seen, folder.id, this.#reader, reasons, history);
      if (record === undefined) continue;
      this.#records.push(record);
      await folder.writeTask(record);
    }
    return snapshot;
  }

  #begin(folder: RunFolder, { tasks }: Snapshot, task: string, attempt: number): void {
    const seen = tasks.find((one) => one.task === task)!;
    const id = seen.attempts[attempt - 1]!.node.id;
    const log = new LazyLog(() => folder.openLog(task, attempt));
    this.#begun.set(id, { task, node: seen.node.id, attempt, log });
    for (const line of this.#early.get(id) ?? []) this.#onLine(id, line);
    this.#early.delete(id);
  }

  #onLine(id: string, line: string): void {
    const begun = this.#begun.get(id);
    if (begun === undefined) {
      this.#early.set(id, [...(this.#early.get(id) ?? []), line]);
      return;
    }
    const { log, ...named } = begun;
    const message = readMessage(line);
    if (message?.type === 'progress') {
      const { done, total, note } = message;
      this.#emit({ kind: 'Progress', at: Date.now(), ...named, done, total, ...(note === undefined ? {} : { note }) });
    } else if (message?.type === 'failure') this.#told.set(id, failureIn(line)!);
    else {
      log.write(line);
      this.#emit({ kind: 'LogLine', at: Date.now(), ...named, stream: 'stdout', line });
    }
  }

  /** Attempts that were over before they were told of have said why all the same. */
  #withEarlyFailures(): ReadonlyMap<string, Reason> {
    for (const [id, lines] of this.#early) {
      for (const line of lines) {
        const failure = failureIn(line);
        if (failure !== undefined) this.#told.set(id, failure);
      }
    }
    return this.#told;
  }

  /** Looks for what keeps the workflow from going on. */
  async #examine(snapshot: Snapshot): Promise<void> {
    const { cluster, pipeline, presenter } = this.#options;
    await this.#readWarnings(snapshot);
    const reasons = reasonsFor(pipeline, snapshot, this.#told, this.#warnings);
    const { news, hopeless } = this.#stuck.look(snapshot, reasons, Date.now());
    for (const sentence of news) presenter.tell(sentence);
    if (hopeless !== undefined && causeIn(this.#workflow) === undefined) {
      presenter.tell(`The run is given up: ${hopeless.message}`);
      // Where the cluster does not answer just now, the next look tries again.
      await shutDown(cluster, this.#workflow.metadata.name, 'Stop', hopeless).catch((error: Error) => presenter.tell(error.message));
    }
    await this.#examineController();
  }

  async #readWarnings({ tasks }: Snapshot): Promise<void> {
    const waiting = tasks.flatMap(({ attempts }) => attempts.slice(-1)).filter(({ node }) => node.phase === 'Pending' && Date.now() - (timeOf(node.startedAt) ?? Date.now()) > START_MS);
    for (const { node } of waiting.filter(({ node }) => saysNothing(node.message)).slice(0, LOOKED_AT)) {
      const pod = this.#pods.get(node.id)?.metadata?.name;
      const warning = pod === undefined ? undefined : await lastWarning(this.#options.cluster, pod);
      if (warning !== undefined) this.#warnings.set(node.id, warning);
    }
  }

  async #examineController(): Promise<void> {
    const { cluster, presenter, patienceSeconds } = this.#options;
    const silence = Date.now() - this.#changedAt;
    const isAtWork = [...this.#pods.values()].some(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending');
    if (silence < SILENCE_MS || isAtWork || Date.now() - this.#hasAskedAt < SILENCE_MS / 2) return;
    this.#hasAskedAt = Date.now();
    const found = await examineController(cluster);
    if (found !== undefined && this.#controller === undefined) presenter.tell(`${found.code} ${found.message} ${found.fix}`);
    if (found === undefined && this.#controller !== undefined) presenter.tell("Argo's controller runs again.");
    this.#controller = found;
    if (found === undefined || silence < patienceSeconds * 1000) return;
    throw new PipewrightError({ ...found, fix: `${found.fix} The workflow ${this.#workflow.metadata.name} then begins by itself: pipewright watch ${this.#workflow.metadata.name}.` });
  }

  async #write(folder: RunFolder, begun: RunRecord, snapshot: Snapshot): Promise<void> {
    const reasons = reasonsFor(this.#options.pipeline, snapshot, this.#told);
    const { status } = snapshot.workflow;
    const startedAt = new Date(timeOf(status?.startedAt) ?? Date.parse(begun.startedAt)).toISOString();
    const finishedAt = new Date(timeOf(status?.finishedAt) ?? Date.now()).toISOString();
    const reason = reasons.ofRun();
    const end = this.#tracker.end(snapshot, Date.now(), reason);
    await folder.writeRecord({
      ...begun,
      status: statusOfRun(snapshot),
      startedAt,
      finishedAt,
      seconds: secondsBetween(startedAt, finishedAt),
      ...(reason === undefined ? {} : { reason }),
      tasks: this.#tracker.inOrder(snapshot.tasks.filter(({ standing }) => isOver(standing))).flatMap((seen) => summaryOf(seen, reasons) ?? []),
      groups: this.#tracker.inOrder(snapshot.groups.filter(({ standing }) => isOver(standing))).flatMap((seen) => groupSummaryOf(seen) ?? []),
    });
    this.#emit(end);
  }
}

/** The record of a run whose end was not seen: why, and how to see it. */
function unfollowed(begun: RunRecord, error: unknown): RunRecord {
  const finishedAt = new Date().toISOString();
  const issue = error instanceof PipewrightError ? error.issues[0] : undefined;
  const { code = 'PW310', message = String(error), fix = '' } = issue ?? {};
  const reason = { code, message: `It could not be followed to its end: ${message}`, fix: `${fix} Look again: pipewright watch ${begun.id}.`.trim() };
  return { ...begun, status: 'Error', finishedAt, seconds: secondsBetween(begun.startedAt, finishedAt), reason };
}
