import type { V1LabelSelector, V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { networkPoliciesOf, readInstalled } from './read-manifests.ts';

const installed = readInstalled();
const policies = networkPoliciesOf(installed);

/** What a policy looks at. `outside`: not a pod, such as the API server or a browser. */
interface End { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
type Peer = End | 'outside';
interface Flow { readonly from: Peer; readonly to: Peer; readonly port: number; readonly protocol?: 'TCP' | 'UDP' }

/*
 * Reads the rules as a network plugin does (kubernetes.io, "Network Policies"): a pod that no policy selects is open; one
 * that is selected takes only what some policy allows; both ends must allow a connection.
 */
function allows({ from, to, port, protocol = 'TCP' }: Flow): boolean {
  const leaves = from === 'outside' || sideAllows('Egress', from, to, port, protocol);
  return leaves && (to === 'outside' || sideAllows('Ingress', to, from, port, protocol));
}

function sideAllows(side: 'Ingress' | 'Egress', self: End, peer: Peer, port: number, protocol: string): boolean {
  const selected = policies.filter(({ metadata, spec }) => metadata!.namespace === self.namespace && spec!.policyTypes!.includes(side) && matches(spec!.podSelector ?? {}, self.labels));
  if (selected.length === 0) return true;
  return selected.some((policy) => rulesOf(policy, side).some(({ peers, ports }) => hasPort(ports, port, protocol) && (peers === undefined || peers.some((one) => isPeer(one, peer, self.namespace)))));
}

function rulesOf({ spec }: V1NetworkPolicy, side: 'Ingress' | 'Egress'): readonly { readonly peers: readonly V1NetworkPolicyPeer[] | undefined; readonly ports: readonly V1NetworkPolicyPort[] | undefined }[] {
  // client-node calls `from` by another name than the YAML that is read here.
  if (side === 'Ingress') return (spec!.ingress ?? []).map((rule) => ({ peers: (rule as { readonly from?: readonly V1NetworkPolicyPeer[] }).from, ports: rule.ports }));
  return (spec!.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
}

function isPeer({ namespaceSelector, podSelector, ipBlock }: V1NetworkPolicyPeer, peer: Peer, own: string): boolean {
  if (ipBlock !== undefined) throw new Error('ipBlock is not read by this test');
  if (peer === 'outside') return false;
  const inNamespace = namespaceSelector === undefined ? peer.namespace === own : matches(namespaceSelector, { 'kubernetes.io/metadata.name': peer.namespace });
  return inNamespace && matches(podSelector ?? {}, peer.labels);
}

function hasPort(ports: readonly V1NetworkPolicyPort[] | undefined, wanted: number, protocol: string): boolean {
  return ports === undefined || ports.some((one) => one.port === wanted && (one.protocol ?? 'TCP') === protocol);
}

function matches({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case 'Exists': return value !== undefined;
      case 'DoesNotExist': return value === undefined;
      case 'In': return value !== undefined && values.includes(value);
      case 'NotIn': return value === undefined || !values.includes(value);
      default: throw new Error(`no such operator: ${operator}`);
    }
  });
}

const ends = {
  controller: { namespace: 'argo', labels: { app: 'workflow-controller' } },
  step: { namespace: 'pipewright', labels: { 'workflows.argoproj.io/workflow': 'stock-direction-x7k2p', 'workflows.argoproj.io/completed': 'false' } },
  otherStep: { namespace: 'pipewright', labels: { 'workflows.argoproj.io/workflow': 'another' } },
  stranger: { namespace: 'pipewright', labels: { app: 'shell' } },
  server: { namespace: 'pipewright-models', labels: { 'serving.kserve.io/inferenceservice': 'stock-direction', component: 'predictor' } },
  minio: { namespace: 'minio', labels: { app: 'minio' } },
  minioSetup: { namespace: 'minio', labels: { app: 'minio-setup' } },
  // As Envoy Gateway labels the proxies of a Gateway.
  proxy: { namespace: 'envoy-gateway-system', labels: { 'app.kubernetes.io/component': 'proxy', 'app.kubernetes.io/managed-by': 'envoy-gateway', 'gateway.envoyproxy.io/owning-gateway-name': 'pipewright', 'gateway.envoyproxy.io/owning-gateway-namespace': 'pipewright-models' } },
  envoyGateway: { namespace: 'envoy-gateway-system', labels: { 'control-plane': 'envoy-gateway' } },
  certificates: { namespace: 'envoy-gateway-system', labels: { app: 'certgen' } },
  dns: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  elsewhere: { namespace: 'default', labels: { app: 'shell' } },
  outside: 'outside',
} as const satisfies Record<string, Peer>;
type EndName = keyof typeof ends;

const NEEDED: readonly (readonly [EndName, EndName, number, ('TCP' | 'UDP')?])[] = [
  ...(['controller', 'step', 'server', 'minioSetup', 'proxy', 'envoyGateway', 'certificates'] as const).flatMap((name) => [[name, 'dns', 53, 'UDP'], [name, 'dns', 53, 'TCP']] as const),
  ...(['controller', 'step', 'envoyGateway', 'certificates'] as const).flatMap((name) => [[name, 'outside', 6443], [name, 'outside', 443]] as const),
  ['step', 'minio', 9000], ['server', 'minio', 9000], ['minioSetup', 'minio', 9000],
  ['step', 'proxy', 10080], ['step', 'server', 8080],
  ['outside', 'proxy', 10080], ['elsewhere', 'proxy', 10080],
  ['proxy', 'server', 8080], ['proxy', 'envoyGateway', 18000],
];

const UNNEEDED: typeof NEEDED = [
  ['stranger', 'minio', 9000], ['stranger', 'outside', 443], ['stranger', 'server', 8080],
  ['elsewhere', 'minio', 9000], ['elsewhere', 'server', 8080], ['elsewhere', 'step', 8080], ['elsewhere', 'controller', 9090],
  ['step', 'otherStep', 8080], ['step', 'controller', 9090], ['step', 'outside', 80], ['step', 'outside', 22], ['step', 'envoyGateway', 18000], ['step', 'server', 9090], ['step', 'minio', 9001],
  ['server', 'outside', 443], ['server', 'outside', 6443], ['server', 'server', 8080], ['server', 'step', 8080], ['server', 'proxy', 10080],
  ['proxy', 'minio', 9000], ['proxy', 'outside', 443], ['proxy', 'outside', 6443], ['proxy', 'step', 8080], ['proxy', 'controller', 9090],
  ['minio', 'outside', 443], ['minio', 'step', 8080], ['minio', 'dns', 53, 'UDP'], ['minioSetup', 'outside', 443],
  ['controller', 'minio', 9000], ['controller', 'server', 8080], ['envoyGateway', 'server', 8080], ['envoyGateway', 'minio', 9000],
  ['outside', 'minio', 9000], ['outside', 'server', 8080], ['outside', 'step', 8080], ['outside', 'envoyGateway', 18000],
];

const titleOf = ([from, to, port, protocol = 'TCP']: (typeof NEEDED)[number]): string => `${from} to ${to} at ${protocol} ${port}`;
const flowOf = ([from, to, port, protocol]: (typeof NEEDED)[number]): Flow => ({ from: ends[from], to: ends[to], port, ...(protocol === undefined ? {} : { protocol }) });

describe('the network policies', () => {
  it('deny by default, both ways, in each namespace', () => {
    for (const { metadata: { name } } of installed.filter(({ kind }) => kind === 'Namespace')) {
      expect(policies).toContainEqual(expect.objectContaining({ metadata: { name: 'default-deny', namespace: name }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } }));
    }
  });

  it.each(NEEDED.map((flow) => [titleOf(flow), flow] as const))('let %s', (_title, flow) => {
    expect(allows(flowOf(flow))).toBe(true);
  });

  it.each(UNNEEDED.map((flow) => [titleOf(flow), flow] as const))('do not let %s', (_title, flow) => {
    expect(allows(flowOf(flow))).toBe(false);
  });

  it('have no rule that no needed flow uses', () => {
    const needed = NEEDED.map(flowOf);
    for (const [at, policy] of policies.entries()) {
      const spec = policy.spec!;
      if ((spec.ingress ?? spec.egress) === undefined) continue;
      const { length } = policies;
      (policies as V1NetworkPolicy[]).splice(at, 1);
      const missing = needed.filter((flow) => !allows(flow));
      (policies as V1NetworkPolicy[]).splice(at, 0, policy);
      expect(policies).toHaveLength(length);
      expect(missing, `${policy.metadata!.namespace}/${policy.metadata!.name} is of no use`).not.toEqual([]);
    }
  });
});
