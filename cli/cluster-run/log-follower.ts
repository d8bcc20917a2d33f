import { setTimeout as wait } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { Log, type V1Pod } from '@kubernetes/client-node';
import { LineSplitter } from '../../dsl/local/lines.ts';
import type { Cluster } from './connect.ts';

/** The container of Argo's pods in which the step works. */
const MAIN = 'main';
const PAUSE_MS = 500;
/** A pod that is gone takes its log with it; a server that restarts is back in less. */
const TRIES = 40;

/** Follows the logs of a workflow's pods, each from its first line to its last, once. */
export class LogFollower {
  readonly #cluster: Cluster;
  readonly #onLine: (node: string, line: string) => void;
  readonly #signal: AbortSignal;
  /** By Argo's identifier of the node. */
  readonly #following = new Map<string, Promise<void>>();
  readonly #pods = new Map<string, V1Pod>();
  /** Of which Argo has said that the program failed. */
  readonly #exited = new Set<string>();

  constructor(cluster: Cluster, onLine: (node: string, line: string) => void, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#onLine = onLine;
    this.#signal = signal;
  }

  /** Of each pod of the workflow, whenever it changes. */
  onPod(pod: V1Pod): void {
    const node = nodeOf(pod);
    if (node === undefined) return;
    this.#pods.set(node, pod);
    if (!this.#following.has(node) && hasBegun(pod)) this.#following.set(node, this.#follow(node));
  }

  /** Argo starts the program and writes into its log, too, which nobody else would look for there. */
  #tell(node: string, line: string): void {
    if (/^time=\S+ level=\w+ msg=.* ?\bargo=true\b/.test(line)) {
      if (line.includes('msg="sub-process exited"') && !line.includes('error=<nil>')) this.#exited.add(node);
      return;
    }
    if (this.#exited.has(node) && /^Error: (?:exit status \d+|signal: .*)$/.test(line)) return;
    this.#onLine(node, line);
  }

  /** The log of a pod to its end. A pod that never came to work has none. */
  async finish(node: string, patienceMs: number): Promise<void> {
    const following = this.#following.get(node);
    if (following === undefined) return;
    const patience = new AbortController();
    await Promise.race([following, wait(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }

  async #follow(node: string): Promise<void> {
    let last = '';
    for (let tries = 0; tries < TRIES && !this.#signal.aborted; tries++) {
      const seen = await this.#stream(node, last).catch(() => undefined);
      if (seen !== undefined) {
        if (seen > last) tries = 0;
        last = seen;
        // A stream that ends while its container works was cut off.
        if (hasFinished(this.#pods.get(node)!)) return;
      }
      await wait(PAUSE_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }

  /** One connection; the time of the last line. `after` is that of the last line that was told. */
  async #stream(node: string, after: string): Promise<string> {
    const { metadata } = this.#pods.get(node)!;
    let last = after;
    const lines = new LineSplitter((line) => {
      const space = line.indexOf(' ');
      const time = comparable(line.slice(0, Math.max(space, 0)));
      if (time === undefined) return this.#tell(node, line);
      // The server cuts whole seconds: lines of the last one come again.
      if (time <= after) return;
      last = time;
      this.#tell(node, line.slice(space + 1));
    });
    await new Promise<void>((resolve, reject) => {
      const sink = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          lines.write(chunk);
          done();
        },
        final: (done) => {
          lines.end();
          done();
        },
      });
      sink.once('close', resolve);
      const since = after === '' ? {} : { sinceTime: after.replace(/\.\d+Z$/, 'Z') };
      new Log(this.#cluster.config).log(metadata!.namespace!, metadata!.name!, MAIN, sink, { follow: true, timestamps: true, ...since }).then((controller) => {
        const end = (): void => {
          controller.abort();
          sink.destroy();
        };
        if (this.#signal.aborted) return end();
        this.#signal.addEventListener('abort', end, { once: true });
        // A response that breaks off lets go of what it is piped into, without ending it.
        sink.once('unpipe', () => sink.destroy());
      }, reject);
    });
    return last;
  }
}

/** Argo's identifier of the node that a pod is for. */
export function nodeOf({ metadata }: V1Pod): string | undefined {
  return metadata?.annotations?.['workflows.argoproj.io/node-id'];
}

function hasBegun({ status }: V1Pod): boolean {
  const state = status?.containerStatuses?.find(({ name }) => name === MAIN)?.state;
  return state?.running !== undefined || state?.terminated !== undefined;
}

function hasFinished({ status, metadata }: V1Pod): boolean {
  return status?.containerStatuses?.find(({ name }) => name === MAIN)?.state?.terminated !== undefined || metadata?.deletionTimestamp !== undefined;
}

/** RFC 3339 with nine digits of a second, so that texts sort as times do: the server leaves zeros at the end out. */
function comparable(time: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time);
  return match === null ? undefined : `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}Z`;
}
