import type { ModelDocument } from '../../model/document/index.ts';
import type { Kubernetes } from './kubernetes.ts';
import { modelLabels, VERSION_LABEL } from './labels.ts';
import { versionName } from './names.ts';
import type { Served, ServingPlace } from './place.ts';
import { proveThroughGateway } from './prove.ts';
import type { HttpRoute } from './route.ts';
import { deployment, service } from './version-objects.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface TrialOptions {
  readonly place: ServingPlace;
  readonly gateway: string;
  readonly document: Pick<ModelDocument, 'golden' | 'name'>;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Proves another server for a version that gets requests: one pod of it beside those that answer, with a Service and a path
 * of its own, which is asked for the golden predictions through the gateway. No request of a client reaches it. Whatever
 * becomes of it, it is removed. PW603 with the cause.
 */
export async function tryBeside(kubernetes: Kubernetes, served: Served, { place, gateway, document, log, signal }: TrialOptions): Promise<void> {
  const name = trialName(served);
  const own = { ...modelLabels(served.model), [VERSION_LABEL]: `${served.version}-trial` };
  const servers = deployment(served, place);
  const { spec } = servers;
  await kubernetes.apply('Deployment', {
    ...servers,
    metadata: { ...servers.metadata!, name, labels: own },
    spec: { ...spec!, replicas: 1, selector: { matchLabels: own }, template: { ...spec!.template, metadata: { ...spec!.template.metadata, labels: own } } },
  });
  const front = service(served, place);
  await kubernetes.apply('Service', { ...front, metadata: { ...front.metadata!, name, labels: own }, spec: { ...front.spec!, selector: own } });
  await kubernetes.apply('HTTPRoute', trialRoute(served, place, own));
  await waitUntilReady(kubernetes, served, { deployment: name, pods: own, needed: 1, log, signal });
  await proveThroughGateway(kubernetes, served, { gateway: `${gateway}${pathOf(served)}`, document, byHeader: false, signal });
}

export async function removeTrial(kubernetes: Kubernetes, served: Served): Promise<void> {
  for (const kind of ['HTTPRoute', 'Deployment', 'Service'] as const) await kubernetes.remove(kind, trialName(served));
}

function trialName({ model, version }: Served): string {
  return `${versionName(model, version)}-trial`;
}

/** Before the model's path, so that nobody but the trial answers there, also while the gateway has not heard of it. */
function pathOf(served: Served): string {
  return `/trial/${trialName(served)}`;
}

/** https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/#http-rewrites */
function trialRoute(served: Served, { namespace, gateway }: ServingPlace, labels: Readonly<Record<string, string>>): HttpRoute {
  const path = `/v2/models/${served.model}`;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: trialName(served), namespace, labels },
    spec: {
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...gateway }],
      rules: [{
        matches: [{ path: { type: 'PathPrefix', value: `${pathOf(served)}${path}` } }],
        filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: path } } }],
        backendRefs: [{ group: '', kind: 'Service', name: trialName(served), port: 80, weight: 1 }],
      }],
    },
  };
}
