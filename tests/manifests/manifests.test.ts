import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FOLDER, readInstalled, readKustomization, workloadsOf, type Manifest } from './read-manifests.ts';

const installed = readInstalled();
const kinds = readInstalled('crds');
const workloads = workloadsOf(installed);
const containers = workloads.flatMap((workload) => workload.containers.map((container) => ({ title: `${workload.namespace}/${workload.name} ${container.name}`, workload, container })));
const namespaces = installed.filter(({ kind }) => kind === 'Namespace');

const CLUSTER_WIDE = ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'GatewayClass', 'CustomResourceDefinition'];
const titleOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

describe('manifests/cluster', () => {
  it('names each of its files in a kustomization, and each once', () => {
    const named = [...readKustomization('').resources, ...readKustomization('').configMapGenerator!.flatMap(({ files }) => files), ...['crds', 'kserve'].flatMap((folder) => readKustomization(folder).resources.map((file) => `${folder}/${file}`))];
    const present = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^(kustomization\.yaml|vendor\.ts)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length));
    expect([...named].sort()).toEqual(present.sort());
  });

  it('has no object twice, and puts each in a namespace of its own', () => {
    const titles = [...installed, ...kinds].map(titleOf);
    expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
    const names = namespaces.map(({ metadata }) => metadata.name);
    expect(names).toHaveLength(5);
    for (const object of installed) {
      if (CLUSTER_WIDE.includes(object.kind)) expect(object.metadata.namespace, titleOf(object)).toBeUndefined();
      else expect(names, titleOf(object)).toContain(object.metadata.namespace);
    }
  });

  it('uses no kind that neither Kubernetes nor crds/ has', () => {
    const ours = new Set(kinds.map(({ spec }) => (spec as { readonly names: { readonly kind: string } }).names.kind));
    const native = new Set(['Namespace', 'ServiceAccount', 'Secret', 'ConfigMap', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'Service', 'Deployment', 'Job', 'PersistentVolumeClaim', 'NetworkPolicy']);
    expect(installed.filter(({ kind }) => !ours.has(kind) && !native.has(kind)).map(titleOf)).toEqual([]);
  });

  it('carries no secret: the one Secret is an empty shell that Kubernetes fills', () => {
    const secrets = installed.filter(({ kind }) => kind === 'Secret');
    expect(secrets.map(titleOf)).toEqual(['Secret pipewright/pipewright-step.service-account-token']);
    expect(secrets[0]).not.toHaveProperty('data');
    expect(secrets[0]).not.toHaveProperty('stringData');
  });

  it('says of each vendored file where it is from and under which licence', () => {
    for (const file of ['crds/argo.yaml', 'crds/gateway.yaml', 'gateway/envoy-gateway.yaml']) {
      expect(readFileSync(join(FOLDER, file), 'utf8').split('\n').slice(0, 2).join('\n')).toMatch(/^# Made by: .*vendor\.ts\n# From \S+ of github\.com\/\S+ v\d+\.\d+\.\d+, Apache-2\.0\./);
    }
  });

  it('names images by a release, and those of Argo and Envoy Gateway by the release of their kinds', () => {
    const text = ['argo/controller.yaml', 'minio/minio.yaml', 'minio/setup.yaml', 'gateway/gateway.yaml', 'gateway/envoy-gateway.yaml'].map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
    const images = [...text.matchAll(/image[:=] ?"?([a-z][a-z0-9.]+\/[^\s"]+)/g)].map(([, image]) => image!);
    expect(images.length).toBeGreaterThanOrEqual(7);
    for (const image of images) expect(image).toMatch(/^[a-z.]+\.[a-z]+\/[a-z/-]+:(v\d+\.\d+\.\d+|distroless-v\d+\.\d+\.\d+|RELEASE\.[\dTZ-]+|[0-9a-f]{8})$/);
    expect(images.filter((image) => image.includes('argoproj/'))).toEqual(['quay.io/argoproj/workflow-controller:v4.0.7', 'quay.io/argoproj/argoexec:v4.0.7']);
    expect(readFileSync(join(FOLDER, 'crds/argo.yaml'), 'utf8')).toContain('argo-workflows/v4 v4.0.7,');
    expect(readFileSync(join(FOLDER, 'crds/gateway.yaml'), 'utf8')).toContain('envoyproxy/gateway v1.9.1,');
    expect(images).toContain('docker.io/envoyproxy/gateway:v1.9.1');
  });

  it('maps the port on this machine to the node port of the gateway', () => {
    const kind = parse(readFileSync(join(FOLDER, '../../kind-config.yaml'), 'utf8')) as { readonly nodes: readonly { readonly extraPortMappings: readonly { readonly containerPort: number; readonly hostPort: number; readonly listenAddress: string }[] }[] };
    const proxy = installed.find(({ kind: name }) => name === 'EnvoyProxy')! as unknown as { readonly spec: { readonly provider: { readonly kubernetes: { readonly envoyService: { readonly type: string; readonly patch: { readonly value: { readonly spec: { readonly ports: readonly { readonly nodePort: number }[] } } } } } } } };
    const { type, patch } = proxy.spec.provider.kubernetes.envoyService;
    expect(type).toBe('NodePort');
    expect(kind.nodes.flatMap(({ extraPortMappings }) => extraPortMappings)).toEqual([expect.objectContaining({ containerPort: patch.value.spec.ports[0]!.nodePort, hostPort: 8088, listenAddress: '127.0.0.1' })]);
  });
});

describe('each namespace', () => {
  it.each(namespaces.map(({ metadata }) => [metadata.name, metadata.labels!] as const))('%s enforces the restricted Pod Security Standard', (_name, labels) => {
    expect(labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });
});

describe('each container', () => {
  it.each(containers)('$title asks for what it needs, and has a limit of memory', ({ container }) => {
    expect(container.resources?.requests).toMatchObject({ cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+Mi$/) });
    expect(container.resources?.limits?.['memory']).toMatch(/^\d+[MG]i$/);
  });

  it.each(containers)('$title keeps to the restricted standard and writes to nothing but its volumes', ({ workload: { pod }, container }) => {
    const merged = { ...pod.securityContext, ...container.securityContext };
    expect(merged).toMatchObject({ runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } });
    expect(merged.runAsUser).toBeGreaterThan(0);
  });

  it.each(containers.filter(({ workload }) => workload.kind === 'Deployment'))('$title has probes of readiness and liveness', ({ container }) => {
    expect(container.readinessProbe).toBeDefined();
    expect(container.livenessProbe).toBeDefined();
  });
});

describe('a token', () => {
  it('is mounted only by what asks the API server', () => {
    const accounts = new Map(installed.filter(({ kind }) => kind === 'ServiceAccount').map((account) => [`${account.metadata.namespace}/${account.metadata.name}`, account]));
    for (const account of accounts.values()) expect(account['automountServiceAccountToken'], titleOf(account)).toBe(false);
    for (const { namespace, pod } of workloads) expect([...accounts.keys()]).toContain(`${namespace}/${pod.serviceAccountName}`);
    const mounting = workloads.filter(({ pod }) => pod.automountServiceAccountToken !== false).map(({ namespace, name }) => `${namespace}/${name}`);
    expect(mounting.sort()).toEqual(['argo/workflow-controller', 'envoy-gateway-system/envoy-gateway', 'envoy-gateway-system/pipewright-gateway-helm-certgen']);
  });
});

describe('a role of ours', () => {
  it('has no wildcard, reads no Secret and grants no right', () => {
    const rules = installed.filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace !== 'envoy-gateway-system' && !metadata.name.startsWith('pipewright-gateway-helm')).flatMap((role) => (role['rules'] as readonly Record<string, readonly string[]>[]).map((rule) => ({ role: titleOf(role), rule })));
    expect(rules.length).toBeGreaterThan(15);
    for (const { role, rule } of rules) {
      expect(Object.values(rule).flat(), role).not.toContain('*');
      expect(rule['resources'], role).not.toContain('secrets');
      expect(rule['apiGroups'], role).not.toContain('rbac.authorization.k8s.io');
    }
  });

  it('lets nothing but Envoy Gateway look beyond its namespace', () => {
    expect(installed.filter(({ kind }) => kind === 'ClusterRoleBinding').map(titleOf)).toEqual(['ClusterRoleBinding /pipewright-gateway-helm-envoy-gateway-rolebinding']);
  });
});
