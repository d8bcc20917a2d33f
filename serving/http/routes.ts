import { RequestError } from '../errors.ts';

/** What a path asks for. `template` is its label in metrics and the log: bounded, whatever clients send. */
export interface Route {
  readonly kind: RouteKind;
  readonly method: 'GET' | 'POST';
  readonly template: string;
}

export type RouteKind =
  | 'alive' | 'metrics'
  | 'v1-models' | 'v1-model' | 'v1-predict'
  | 'v2-server' | 'v2-live' | 'v2-ready' | 'v2-model' | 'v2-model-ready' | 'v2-infer';

/** A route with the names that the path holds. */
export interface Match {
  readonly route: Route;
  /** Undefined where the route has no model. */
  readonly model: string | undefined;
  readonly version: string | undefined;
}

const VERSION = '/versions/{version}';

/** All paths, the busiest first. `V1` and `V2` are KServe's protocols; V2 is the Open Inference Protocol. */
export const ROUTES: readonly Route[] = [
  { kind: 'v2-infer', method: 'POST', template: '/v2/models/{model}/infer' },
  { kind: 'v1-predict', method: 'POST', template: '/v1/models/{model}:predict' },
  { kind: 'v2-infer', method: 'POST', template: `/v2/models/{model}${VERSION}/infer` },
  { kind: 'v2-ready', method: 'GET', template: '/v2/health/ready' },
  { kind: 'v2-live', method: 'GET', template: '/v2/health/live' },
  { kind: 'metrics', method: 'GET', template: '/metrics' },
  { kind: 'v2-model-ready', method: 'GET', template: '/v2/models/{model}/ready' },
  { kind: 'v2-model-ready', method: 'GET', template: `/v2/models/{model}${VERSION}/ready` },
  { kind: 'v2-model', method: 'GET', template: '/v2/models/{model}' },
  { kind: 'v2-model', method: 'GET', template: `/v2/models/{model}${VERSION}` },
  { kind: 'v2-server', method: 'GET', template: '/v2' },
  { kind: 'v1-models', method: 'GET', template: '/v1/models' },
  { kind: 'v1-model', method: 'GET', template: '/v1/models/{model}' },
  { kind: 'alive', method: 'GET', template: '/' },
];

const MATCHERS = ROUTES.map((route) => ({ route, pattern: patternOf(route.template) }));

/** The route of a request's target; its query is not read. Throws 404 when nothing is there. */
export function findRoute(url: string): Match {
  const path = pathOf(url);
  for (const { route, pattern } of MATCHERS) {
    const parts = pattern.exec(path);
    if (parts) return { route, model: parts[1], version: parts[2] };
  }
  throw new RequestError(404, `There is nothing at ${shorten(path)}. Predictions are at POST /v2/models/{model}/infer and POST /v1/models/{model}:predict; GET /v1/models lists the models.`);
}

/** Throws 405, with `Allow`, for another method than the route's; HEAD counts as GET. */
export function requireMethod(route: Route, method: string): void {
  if (method === route.method || (method === 'HEAD' && route.method === 'GET')) return;
  throw new RequestError(405, `${route.template} takes ${route.method}; got ${method}.`, { allow: route.method === 'GET' ? 'GET, HEAD' : 'POST' });
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (!path.includes('%')) return path;
  try {
    // Some clients write the colon of ":predict" as %3A.
    return decodeURIComponent(path);
  } catch {
    throw new RequestError(400, `The path ${shorten(path)} has a "%" that is not followed by two hexadecimal digits of a character.`);
  }
}

function patternOf(template: string): RegExp {
  const source = template
    .replace('{model}', '([^/:]+)')
    .replace('{version}', '([^/]+)');
  return new RegExp(`^${source}${template === '/' ? '' : '/?'}$`);
}

function shorten(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 120)}…`;
}
