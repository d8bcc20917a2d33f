import { modelLabels } from './labels.ts';
import { versionOfName } from './names.ts';
import { VERSION_HEADER, type ServingPlace } from './place.ts';

/** Which versions of a model get requests: what an HTTPRoute says, without its form. */
export interface Traffic {
  /** Shares of the requests that ask for no version; at most one entry a version. */
  readonly weights: readonly { readonly version: number; readonly weight: number }[];
  /** Versions that answer who asks for them by header; ascending. */
  readonly previews: readonly number[];
}

export const NO_TRAFFIC: Traffic = { weights: [], previews: [] };

interface BackendRef { readonly [others: string]: unknown; readonly group?: string; readonly kind?: string; readonly name: string; readonly port: number; readonly weight?: number }
interface RouteMatch { readonly [others: string]: unknown; readonly path?: { readonly type: string; readonly value: string }; readonly headers?: readonly { readonly type?: string; readonly name: string; readonly value: string }[] }
interface RouteRule { readonly [others: string]: unknown; readonly matches?: readonly RouteMatch[]; readonly backendRefs?: readonly BackendRef[] }

/** The part of a Gateway API HTTPRoute that is used here, https://gateway-api.sigs.k8s.io/reference/spec/#httproute. */
export interface HttpRoute {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'HTTPRoute';
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Readonly<Record<string, string>>; readonly resourceVersion?: string };
  readonly spec: { readonly [others: string]: unknown; readonly parentRefs?: readonly { readonly [others: string]: unknown; readonly name: string; readonly namespace?: string }[]; readonly rules?: readonly RouteRule[] };
  readonly status?: { readonly parents?: readonly { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] }[] };
}

/** The paths of one model in both protocols; any host. A prefix ends at a slash, so ":predict" is a path of its own, which some clients write as %3A. */
function pathsOf(model: string): readonly { readonly type: string; readonly value: string }[] {
  return [
    { type: 'PathPrefix', value: `/v2/models/${model}` },
    { type: 'Exact', value: `/v1/models/${model}` },
    { type: 'Exact', value: `/v1/models/${model}:predict` },
    { type: 'Exact', value: `/v1/models/${model}%3Apredict` },
  ];
}

/**
 * One route for a model. A rule for each version that can be asked for by header, and one that shares the rest out by
 * weight. `serviceOf` names a version's Service.
 *
 * What others wrote into the `present` one stays: host names, other gateways, whole rules, and in our rules their filters,
 * timeouts and further matches. Ours is only who gets the requests. (Rules are one atomic list to server-side apply, so
 * field managers cannot part them.)
 */
export function httpRoute(model: string, traffic: Traffic, place: Pick<ServingPlace, 'namespace' | 'gateway'>, serviceOf: (version: number) => string, present?: HttpRoute): HttpRoute {
  const paths = pathsOf(model);
  const [own, others] = sortOut(model, present);
  const backend = (version: number, weight: number, rule: RouteRule | undefined): BackendRef => ({
    group: '', kind: 'Service', port: 80, ...rule?.backendRefs?.find(({ name }) => versionOfName(name) === version), name: serviceOf(version), weight,
  });
  const previews = traffic.previews.map((version): RouteRule => {
    const before = own.previews.get(version);
    return { matches: paths.map((path) => ({ path, headers: [{ type: 'Exact', name: VERSION_HEADER, value: String(version) }] })), ...before, backendRefs: [backend(version, 1, before)] };
  });
  const shared: RouteRule = { matches: paths.map((path) => ({ path })), ...own.shared, backendRefs: traffic.weights.map(({ version, weight }) => backend(version, weight, own.shared)) };
  const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', ...place.gateway };
  const parents = present?.spec.parentRefs ?? [];
  const isAttached = parents.some(({ name, namespace }) => name === place.gateway.name && (namespace ?? place.namespace) === (place.gateway.namespace ?? place.namespace));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { ...present?.metadata, name: model, namespace: place.namespace, labels: { ...present?.metadata.labels, ...modelLabels(model) } },
    spec: {
      ...present?.spec,
      parentRefs: isAttached ? parents : [...parents, gateway],
      // The shared rule stays the first: Envoy Gateway names what it sends to by the number of the rule, and a request that
      // falls between a new name and what is behind it is answered 503. More specific matches win wherever they stand.
      rules: [...(traffic.weights.length === 0 ? [] : [shared]), ...previews, ...others],
    },
  };
}

interface OwnRules {
  readonly shared: RouteRule | undefined;
  readonly previews: ReadonlyMap<number, RouteRule>;
}

/** Which rules of a route are ours, and which are not. */
function sortOut(model: string, route: HttpRoute | undefined): readonly [own: OwnRules, others: readonly RouteRule[]] {
  const rules = route?.spec.rules ?? [];
  const shared = rules.find((rule) => isShared(rule, model));
  const previews = new Map(rules.flatMap((rule) => {
    const version = previewed(rule);
    return version === undefined ? [] : [[version, rule] as const];
  }));
  const own = new Set([shared, ...previews.values()]);
  return [{ shared, previews }, rules.filter((rule) => !own.has(rule))];
}

/** Whether a rule is the one that shares out what asks for no version: it takes the model's own path as it is. */
function isShared({ matches = [] }: RouteRule, model: string): boolean {
  return matches.some(({ path, ...more }) => path?.value === `/v2/models/${model}` && Object.keys(more).length === 0);
}

/** What a route says, whoever wrote the weights into it. */
export function readTraffic(route: HttpRoute | undefined): Traffic {
  const rules = route?.spec.rules ?? [];
  const previews = rules.map(previewed).filter((version) => version !== undefined);
  const shared = rules.find((rule) => isShared(rule, route!.metadata.name))?.backendRefs ?? [];
  return {
    weights: shared.flatMap(({ name, weight = 1 }) => {
      const version = versionOfName(name);
      return version === undefined ? [] : [{ version, weight }];
    }),
    previews: [...previews].sort((a, b) => a - b),
  };
}

/** The Service of each version in a route: what is there stays, whoever made it. */
export function servicesIn(route: HttpRoute | undefined): ReadonlyMap<number, string> {
  const names = (route?.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name));
  return new Map(names.flatMap((name) => {
    const version = versionOfName(name);
    return version === undefined ? [] : [[version, name] as const];
  }));
}

/** The version that a rule is for, if it asks for the header. */
function previewed({ matches }: RouteRule): number | undefined {
  const value = matches?.[0]?.headers?.find(({ name }) => name.toLowerCase() === VERSION_HEADER)?.value;
  return value === undefined || !/^[1-9][0-9]*$/.test(value) ? undefined : Number(value);
}

/** All requests to one version. `kept` comes back by a change of weights; newer versions that are being rolled out can still be asked by header. */
export function allTo({ previews }: Traffic, version: number, kept: number | undefined): Traffic {
  const own = kept === undefined || kept === version ? [version] : [version, kept];
  const newer = previews.filter((each) => each > Math.max(...own));
  return { weights: own.map((each) => ({ version: each, weight: each === version ? 100 : 0 })), previews: [...own, ...newer].sort((a, b) => a - b) };
}

export function withPreview({ weights, previews }: Traffic, version: number): Traffic {
  return { weights, previews: [...new Set([...previews, version])].sort((a, b) => a - b) };
}

/** Without a version that gets no requests. */
export function without({ weights, previews }: Traffic, version: number): Traffic {
  return { weights: weights.filter((share) => share.version !== version), previews: previews.filter((each) => each !== version) };
}

/** Versions that get requests, the one with most of them first. */
export function answering({ weights }: Traffic): readonly number[] {
  return weights.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight).map(({ version }) => version);
}

/** Whether a gateway has taken the route over; the reason of a refusal as a clause. */
export function refusalOf(route: HttpRoute): string | undefined {
  for (const { conditions = [] } of route.status?.parents ?? []) {
    const bad = conditions.find(({ type, status }) => (type === 'Accepted' || type === 'ResolvedRefs') && status === 'False');
    if (bad !== undefined) return `the gateway refuses the route: ${bad.message ?? bad.type}`;
  }
  return undefined;
}

