import { setTimeout as wait } from 'node:timers/promises';
import { Watch, type KubeConfig } from '@kubernetes/client-node';
import { statusOf } from './connect.ts';
import { isPassing } from './explain-api.ts';

/** A kind of object in a namespace, narrowed by selectors. */
export interface Followed<T> {
  /** `/apis/argoproj.io/v1alpha1/namespaces/pipewright/workflows`. */
  readonly path: string;
  readonly selectors: Readonly<Record<string, string>>;
  /** Fetches all of them; rejects as the API does. */
  readonly list: () => Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }>;
}

export interface Listener<T> {
  /** All that there are, after each listing. */
  readonly onList: (items: readonly T[]) => void;
  readonly onChange: (object: T, wasDeleted: boolean) => void;
  /** The connection was lost, or is back again. */
  readonly onConnection: (state: 'lost' | 'back', why: string) => void;
}

interface Versioned { readonly metadata?: { readonly resourceVersion?: string } }

/** The server ends a watch after this time and it is begun anew: a connection that died in silence is noticed so. */
const WATCH_SECONDS = 240;
/** How long a server that answered before may refuse. */
const STARTING_MS = 60_000;
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000];

/**
 * Lists objects, then follows their changes until the signal is aborted, as the API's documentation wants it
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes): from the last version seen;
 * when the server no longer knows that one (410 Gone), by listing again. A lost connection is tried again with growing
 * pauses, for ever: an API server that restarts is survived. Rejects with what will not pass, such as a missing right.
 */
export async function followObjects<T extends Versioned>(config: KubeConfig, { path, selectors, list }: Followed<T>, listener: Listener<T>, signal: AbortSignal): Promise<void> {
  const watch = new Watch(config);
  let version: string | undefined;
  let failures = 0;
  let lostAt = 0;
  let hasAnswered = false;
  const recover = (): void => {
    if (failures > 0) listener.onConnection('back', '');
    failures = 0;
    hasAnswered = true;
  };
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        const found = await list();
        version = found.resourceVersion;
        recover();
        listener.onList(found.items);
      }
      const outcome = await watchOnce<T>(watch, path, { ...selectors, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS }, signal, (object, type) => {
        recover();
        version = object.metadata?.resourceVersion ?? version;
        if (type !== 'BOOKMARK') listener.onChange(object, type === 'DELETED');
      });
      if (outcome === 'gone') version = undefined;
    } catch (error) {
      if (signal.aborted) return;
      if (failures === 0) lostAt = Date.now();
      // A server that has just started refuses what it will allow when it has read its own roles and resources.
      const isStarting = hasAnswered && isRefusal(error) && Date.now() - lostAt < STARTING_MS;
      // Without a network there is no name service either.
      const { code, message } = error as Error & { readonly code?: string };
      const isAway = hasAnswered && (code === 'ENOTFOUND' || code === 'EAI_AGAIN');
      if (!isPassing(error) && !isStarting && !isAway) throw error;
      if (failures === 0) listener.onConnection('lost', code ?? message);
      // Versions of a server that restarted may be older than ours.
      version = undefined;
      await wait(PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)]! * (0.8 + 0.4 * Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return [401, 403, 404].includes(statusOf(error) ?? 0);
}

/** One connection. Resolves when the server ends it, rejects when it breaks. */
function watchOnce<T extends Versioned>(watch: Watch, path: string, query: Record<string, string | number | boolean>, signal: AbortSignal, onObject: (object: T, type: string) => void): Promise<'ended' | 'gone'> {
  return new Promise((resolve, reject) => {
    let gone = false;
    let controller: AbortController | undefined;
    const abort = (): void => controller?.abort();
    signal.addEventListener('abort', abort, { once: true });
    const done = (error: unknown): void => {
      signal.removeEventListener('abort', abort);
      const status = (error as { readonly statusCode?: unknown } | null)?.statusCode;
      if (gone || status === 410) resolve('gone');
      else if (error === null || error === undefined || signal.aborted) resolve('ended');
      else reject(error as Error);
    };
    const onEvent = (type: string, object: T & { readonly code?: number }): void => {
      if (type !== 'ERROR') return onObject(object, type);
      gone ||= object.code === 410;
      controller?.abort();
      if (!gone) done(Object.assign(new Error('the watch was refused'), { statusCode: object.code ?? 500 }));
    };
    watch.watch(path, query, onEvent, done).then((made) => {
      controller = made;
      if (signal.aborted) made.abort();
    }, reject);
  });
}
