import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PipewrightError } from '../dsl/errors/index.ts';
import { openRegistry } from '../registry/index.ts';
import { openStore } from '../store/index.ts';
import { createDataPlane, type FeatureServices, type Readiness } from './data-plane.ts';
import { openFeatureLog } from './feature-log.ts';
import { answerBrokenRequests } from './http/broken-requests.ts';
import { createListener } from './http/listener.ts';
import { warmUp } from './http/warm-up.ts';
import { createLog, type LineSink, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createFolderSource, readModelName } from './models/folder-source.ts';
import { createModelSlot, type ModelSlot, type RefreshOutcome } from './models/model-slot.ts';
import { createRegistrySource } from './models/registry-source.ts';
import { openOnlineRows } from './online/online-rows.ts';
import type { Environment, ModelOrigin, ServingSettings } from './settings.ts';
import { VERSION } from './version.ts';

/** A server that listens. */
export interface RunningServer {
  /** With the port that was really taken, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** The first look for every model; resolves when it is over, whether it went well or not. */
  readonly firstLoad: Promise<readonly RefreshOutcome[]>;
  readiness(): Readiness;
  /** Looks for newer versions now, as SIGHUP does. Never throws: the outcome says what happened. */
  refresh(): Promise<readonly RefreshOutcome[]>;
  /**
   * Stops: not ready at once, new requests answered until `drainDelay` is over, those in flight until `drainTimeout` is.
   * Resolves to false when some had to be cut off. Calling it again gives the same promise.
   */
  drain(reason: string): Promise<boolean>;
}

export interface ServerDependencies {
  /** For the keys of an S3 store. */
  readonly environment?: Environment;
  /** Where events and the access log go. Default: standard error. */
  readonly log?: LineSink;
}

/**
 * Starts to listen and, beside it, to load the models; until they are ready the server says so. Throws PW602 when a
 * folder holds no model, PW403 when the store cannot be used, PW601 when the address cannot be taken.
 */
export async function startServer(settings: ServingSettings, { environment = process.env, log: sink = process.stderr }: ServerDependencies = {}): Promise<RunningServer> {
  const slots = await openSlots(settings.origin, environment);
  const log = createLog(sink, settings.accessLog);
  const dataPlane = createDataPlane(slots);
  const services = await openServices(settings, log);
  // The two need each other: the metrics show what the listener counts.
  const metrics = createMetrics({ inFlight: () => listener.inFlight(), isReady: () => dataPlane.readiness().ready });
  const listener = createListener({ dataPlane, metrics, services, log, bodyLimit: settings.bodyLimit, version: VERSION });

  const server = createServer({
    headersTimeout: milliseconds(settings.headersTimeout),
    requestTimeout: milliseconds(settings.requestTimeout),
    keepAliveTimeout: milliseconds(settings.keepAliveTimeout),
    // How often the two timeouts above are looked at.
    connectionsCheckingInterval: Math.min(1000, milliseconds(settings.headersTimeout)),
  });
  server.on('request', listener.handle);
  // A body that will be refused is not asked for.
  server.on('checkContinue', (request, response) => {
    if (!(Number(request.headers['content-length']) > settings.bodyLimit)) response.writeContinue();
    listener.handle(request, response);
  });
  answerBrokenRequests(server);
  await listen(server, settings);
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  log.event({ event: 'listening', url });

  let onlineFailure: string | undefined;
  const refreshOnline = async (): Promise<void> => {
    const reason = await services.online?.refresh();
    if (reason !== undefined && reason !== onlineFailure) log.event({ event: 'online-features-failed', reason });
    onlineFailure = reason;
  };
  const refreshSlot = async (slot: ModelSlot): Promise<RefreshOutcome> => {
    const outcome = await slot.refresh();
    metrics.countLoad(slot.name, slot.source.role, outcome);
    if (outcome.kind === 'swapped') {
      const { name, version, digest } = outcome.model;
      log.event({ event: 'model-loaded', model: name, version, digest, previous: outcome.previous?.version ?? null, seconds: outcome.seconds });
    } else if (outcome.kind === 'failed' && outcome.isNew) {
      log.event({ event: 'model-load-failed', model: slot.name, reason: outcome.failure.reason, serving: slot.current?.version ?? null });
    }
    return outcome;
  };
  const refresh = async (): Promise<readonly RefreshOutcome[]> => {
    await refreshOnline();
    return Promise.all(slots.map(refreshSlot));
  };

  const stopped = new AbortController();
  const firstLoad = refresh();
  void firstLoad.then(() => poll(refresh, settings.pollSeconds, stopped.signal));

  let drained: Promise<boolean> | undefined;
  const drain = async (reason: string): Promise<boolean> => {
    stopped.abort();
    dataPlane.startDraining();
    log.event({ event: 'draining', reason, inFlight: listener.inFlight() });
    // Every reply now closes its connection, so clients that keep theirs alive go elsewhere by themselves.
    await delay(milliseconds(settings.drainDelay));
    const isClean = await close(server, milliseconds(settings.drainTimeout));
    await services.log?.close();
    log.event({ event: 'stopped', isClean });
    return isClean;
  };
  return { url, port, firstLoad, readiness: dataPlane.readiness, refresh, drain: (reason) => (drained ??= drain(reason)) };
}

async function openServices({ onlineFeatures, featureLog }: ServingSettings, log: Log): Promise<FeatureServices> {
  const reasons = { full: 'The log of served features has reached its limit.', broken: 'The log of served features cannot be written any more.' };
  return {
    online: onlineFeatures === undefined ? undefined : await openOnlineRows(onlineFeatures.path, onlineFeatures.maximumAgeDays),
    log: featureLog && (await openFeatureLog(featureLog, (why) => log.event({ event: 'feature-log-ended', reason: reasons[why] }))),
  };
}

async function openSlots(origin: ModelOrigin, environment: Environment): Promise<readonly ModelSlot[]> {
  if (origin.kind === 'folder') {
    const { folder, version } = origin;
    const name = origin.name ?? (await readModelName(folder));
    return [createModelSlot(name, createFolderSource(folder, { name, version }), warmUp)];
  }
  const { names, alias, version } = origin;
  const store = await openStore(origin.store, environment);
  const registry = openRegistry(store);
  return names.map((name) => createModelSlot(name, createRegistrySource(store, registry, { name, alias, version }), warmUp));
}

async function poll(refresh: () => Promise<unknown>, seconds: number, signal: AbortSignal): Promise<void> {
  if (seconds === 0) return;
  while (!signal.aborted) {
    try {
      await delay(milliseconds(seconds), undefined, { signal, ref: false });
    } catch {
      return;
    }
    await refresh();
  }
}

function listen(server: Server, { host, port }: ServingSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new PipewrightError(
          {
            code: 'PW601',
            message: `The server cannot listen on ${host} port ${port}: ${taken ? 'the port is taken' : cause.message}.`,
            fix: taken ? 'Stop the program that has the port, or give another one with --port; 0 takes any free one.' : 'Give an address of this machine with --host, and a port that you may use with --port.',
          },
          { cause },
        ),
      );
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** True when all connections ended by themselves. */
async function close(server: Server, timeout: number): Promise<boolean> {
  const ended = new Promise<true>((resolve) => server.close(() => resolve(true)));
  server.closeIdleConnections();
  const stop = new AbortController();
  const isClean = await Promise.race([ended, delay(timeout, false as const, { signal: stop.signal }).catch(() => true as const)]);
  stop.abort();
  if (!isClean) server.closeAllConnections();
  await ended;
  return isClean;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
