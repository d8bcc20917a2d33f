import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { unreachable } from '../../dsl/util/index.ts';
import type { DataPlane, FeatureServices, ModelReadiness, Readiness } from '../data-plane.ts';
import { RequestError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { ServedModel } from '../models/served-model.ts';
import { inferV2, predictV1 } from './inference.ts';
import { checkContentType } from './media-type.ts';
import { ClientGone, readBody } from './read-body.ts';
import { errorReply, jsonReply, send, type Reply } from './reply.ts';
import { findRoute, requireMethod, type Match } from './routes.ts';
import { modelMetadata, serverMetadata } from './v2/metadata.ts';

export interface ListenerOptions {
  readonly dataPlane: DataPlane;
  readonly metrics: Metrics;
  /** Default: none. */
  readonly services?: FeatureServices;
  readonly log: Log;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Of Pipewright. */
  readonly version: string;
}

/** What is learned of a request on the way, for metrics and log. */
interface Exchange {
  path: string;
  model: ServedModel | undefined;
  id: string | undefined;
}

/** Label of paths that are no route; one for all, so that clients cannot make labels. */
const NO_ROUTE = 'none';
/** The client went away before its request was complete; the number is nginx's. */
const CLIENT_CLOSED_REQUEST = 499;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const ID_LENGTH = 128;

/** Requests of the server: routes, replies, counts. Every failure is `{"error": …}`; none escapes. */
export interface Listener {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly inFlight: () => number;
}

export function createListener(options: ListenerOptions): Listener {
  const { dataPlane, metrics, log } = options;
  let inFlight = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const exchange: Exchange = { path: NO_ROUTE, model: undefined, id: undefined };
    inFlight++;
    let reply: Reply | undefined;
    try {
      reply = await answer(request, exchange, options);
    } catch (error) {
      reply = replyToFailure(error, exchange, log);
    }
    let status = CLIENT_CLOSED_REQUEST;
    if (reply && !response.destroyed) {
      send(response, reply, dataPlane.isDraining);
      status = reply.status;
    }
    inFlight--;
    const seconds = (performance.now() - started) / 1000;
    const method = METHODS.has(request.method!) ? request.method! : 'OTHER';
    metrics.observeRequest(method, exchange.path, status, seconds);
    log.access?.({
      method,
      path: exchange.path,
      status,
      milliseconds: Math.round(seconds * 1e6) / 1e3,
      model: exchange.model?.name,
      version: exchange.model?.version,
      id: exchange.id?.slice(0, ID_LENGTH),
    });
  };

  return {
    handle: (request, response) => {
      // Nothing is expected here. If it comes all the same, it ends one connection and not the server.
      handle(request, response).catch((error: unknown) => {
        logFailure(error, NO_ROUTE, log);
        response.destroy();
      });
    },
    inFlight: () => inFlight,
  };
}

/** Throws, at once or later, what is no answer. */
function answer(request: IncomingMessage, exchange: Exchange, options: ListenerOptions): Promise<Reply> {
  const match = findRoute(request.url!);
  exchange.path = match.route.template;
  requireMethod(match.route, request.method!);
  return match.route.method === 'POST' ? infer(request, match, exchange, options) : inform(match, options);
}

/** Predictions. From the complete body on everything happens in one turn, with one model: a swap is before or after. */
async function infer(request: IncomingMessage, { route, model: name, version }: Match, exchange: Exchange, { dataPlane, metrics, bodyLimit, services = {} }: ListenerOptions): Promise<Reply> {
  const headerLength = request.headers['inference-header-content-length'] as string | undefined;
  checkContentType(request.headers['content-type'], headerLength !== undefined);
  const body = await readBody(request, bodyLimit);

  const started = performance.now();
  const model = dataPlane.modelOf(name!, version);
  exchange.model = model;
  let status = 500;
  try {
    const { answer, reply, id } = route.kind === 'v1-predict' ? predictV1(model, body, services) : inferV2(model, body, headerLength, services);
    exchange.id = id;
    status = reply.status;
    metrics.countPredictions(model, answer);
    return reply;
  } catch (error) {
    if (error instanceof RequestError) status = error.status;
    throw error;
  } finally {
    metrics.observeInference(model, status, (performance.now() - started) / 1000);
  }
}

/** Everything that is asked with GET. */
async function inform({ route, model: name, version }: Match, { dataPlane, metrics, services, version: release }: ListenerOptions): Promise<Reply> {
  switch (route.kind) {
    case 'alive':
      return jsonReply(200, { status: 'alive' });
    case 'metrics':
      return { status: 200, body: await metrics.render(), contentType: metrics.contentType };
    case 'v1-models':
      return jsonReply(200, { models: dataPlane.modelNames });
    case 'v1-model':
      return readyReply(dataPlane.readinessOf(name!));
    case 'v2-server':
      return jsonReply(200, serverMetadata(release));
    case 'v2-live':
      return jsonReply(200, { live: true });
    case 'v2-ready':
      return readyReply(dataPlane.readiness());
    case 'v2-model':
      return jsonReply(200, modelMetadata(dataPlane.modelOf(name!, version), services?.online !== undefined));
    case 'v2-model-ready':
      // Asks for the version, which may be another one than is served.
      if (version !== undefined) dataPlane.modelOf(name!, version);
      return readyReply(dataPlane.readinessOf(name!));
    case 'v1-predict':
    case 'v2-infer':
      throw new Error(`${route.template} is no question for information.`);
    default:
      return unreachable(route.kind);
  }
}

/** 503 with the reason as `error` when it is not ready; when it is, a reason speaks of a newer version that failed to load. */
function readyReply({ reason, ...rest }: Readiness | ModelReadiness): Reply {
  if (rest.ready) return jsonReply(200, reason === undefined ? rest : { ...rest, reason });
  return jsonReply(503, { ...rest, error: reason }, { 'retry-after': '1' });
}

/** Undefined when there is nobody to answer. */
function replyToFailure(error: unknown, { path }: Exchange, log: Log): Reply | undefined {
  if (error instanceof ClientGone) return undefined;
  if (error instanceof RequestError) return errorReply(error);
  logFailure(error, path, log);
  return errorReply(new RequestError(500, 'The server failed on this request, which is a fault of the server: its log has the cause.'));
}

function logFailure(error: unknown, path: string, log: Log): void {
  log.event({ event: 'request-failed', path, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
