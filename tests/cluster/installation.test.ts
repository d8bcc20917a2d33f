import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { kubectl, objects, secretOf, tryKubectl, type Anything } from './kubectl.ts';
import { PROJECT } from './surroundings.ts';

const NAMESPACES = ['argo', 'pipewright', 'pipewright-models', 'minio', 'envoy-gateway-system'];

function pipewright(...words: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('node', ['cli/bin.mjs', ...words], { cwd: PROJECT, encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

describe('the installation', () => {
  it('is healthy in every part', () => {
    const { status, text } = pipewright('cluster', 'status');
    expect(text).toContain('All 8 parts in the context kind-pipewright are healthy.');
    expect(status).toBe(0);
  });

  it('is not changed by installing it again, in either way', () => {
    const before = stateOfAll();
    expect(before.size).toBeGreaterThan(60);
    kubectl('apply', '--server-side', '--kustomize', 'manifests/cluster/crds');
    kubectl('apply', '--server-side', '--kustomize', 'manifests/cluster');
    expect(stateOfAll()).toEqual(before);
    expect(pipewright('cluster', 'up').status).toBe(0);
    expect(stateOfAll()).toEqual(before);
  });

  it('says which context the kubeconfig has instead of the one that was asked for', () => {
    const { status, text } = pipewright('cluster', 'status', '--context', 'kind-pipewrihgt');
    expect(text).toMatch(/error PW310\n.*no context "kind-pipewrihgt"\.\n.*kind-pipewright\?/);
    expect(status).not.toBe(0);
  });

  it('notices a part that is not healthy, and says why', async () => {
    kubectl('scale', '--namespace', 'envoy-gateway-system', 'deployment/envoy-gateway', '--replicas', '0');
    kubectl('set', 'image', '--namespace', 'envoy-gateway-system', 'deployment/envoy-gateway', 'envoy-gateway=pipewright/absent:1');
    try {
      kubectl('scale', '--namespace', 'envoy-gateway-system', 'deployment/envoy-gateway', '--replicas', '1');
      await expect.poll(() => pipewright('cluster', 'status').text, { timeout: 60_000 }).toMatch(/NOT READY +Envoy Gateway .*its image \S*pipewright\/absent:1 cannot be fetched: \S/);
      const { status, text } = pipewright('cluster', 'status');
      expect(status).toBe(1);
      expect(text).toContain('1 of 8 parts');
    } finally {
      kubectl('apply', '--server-side', '--force-conflicts', '--kustomize', 'manifests/cluster');
      expect(pipewright('cluster', 'up').status).toBe(0);
    }
  });
});

/** When kubectl's apply last changed each object: server-side apply leaves that alone where nothing differs. */
function stateOfAll(): ReadonlyMap<string, string> {
  const all = [...objects('--kustomize', 'manifests/cluster'), ...objects('--kustomize', 'manifests/cluster/crds'), ...objects('secrets', '--all-namespaces', '--selector', 'app.kubernetes.io/part-of=pipewright')];
  return new Map(all.map((object) => [nameOf(object), `${object.metadata.generation} ${object.metadata.managedFields?.filter(({ manager }) => manager === 'kubectl').map(({ time }) => time).join(' ')}`]));
}

function nameOf({ kind, metadata }: Anything): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

describe('a pod', () => {
  const good = { name: 'main', image: 'localhost/rig/step:1', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } } };
  const create = (namespace: string, spec: unknown): { readonly status: number | null; readonly text: string } =>
    tryKubectl(['create', '--dry-run=server', '--namespace', namespace, '--filename', '-'], { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'installation-test' }, spec });

  describe.each(NAMESPACES)('in %s', (namespace) => {
    it('that keeps to the restricted standard is taken', () => {
      expect(create(namespace, { containers: [good] })).toMatchObject({ status: 0 });
    });

    it.each([
      ['is privileged', { containers: [{ ...good, securityContext: { ...good.securityContext, privileged: true, allowPrivilegeEscalation: true } }] }, 'privileged'],
      ['may become root', { containers: [{ ...good, securityContext: { ...good.securityContext, allowPrivilegeEscalation: true } }] }, 'allowPrivilegeEscalation'],
      ['is root', { containers: [{ ...good, securityContext: { ...good.securityContext, runAsNonRoot: false, runAsUser: 0 } }] }, 'runAsNonRoot'],
      ['keeps capabilities', { containers: [{ ...good, securityContext: { ...good.securityContext, capabilities: {} } }] }, 'unrestricted capabilities'],
      ['has no seccomp profile', { containers: [{ ...good, securityContext: { ...good.securityContext, seccompProfile: undefined } }] }, 'seccompProfile'],
      ['mounts the host', { containers: [good], volumes: [{ name: 'host', hostPath: { path: '/' } }] }, 'hostPath'],
      ['uses the network of the host', { hostNetwork: true, containers: [good] }, 'host namespaces'],
    ])('that %s is refused', (_what, spec, reason) => {
      const { status, text } = create(namespace, spec);
      expect(status).not.toBe(0);
      expect(text).toContain('violates PodSecurity "restricted:latest"');
      expect(text).toContain(reason);
    });
  });
});

describe('no key', () => {
  it('is in any object, log or event', () => {
    const keys = new Map<string, string>();
    for (const { metadata: { namespace, name } } of objects('secrets', '--all-namespaces').filter(({ metadata }) => NAMESPACES.includes(metadata.namespace!))) {
      for (const [key, value] of Object.entries(secretOf(namespace!, name))) if (/^(secretKey|AWS_SECRET_ACCESS_KEY|token|tls\.key|hmac-secret)$/.test(key)) keys.set(`${namespace}/${name} ${key}`, value);
    }
    expect(keys.size).toBeGreaterThanOrEqual(10);

    const kinds = kubectl('api-resources', '--verbs=list', '--output=name').trim().split('\n').filter((kind) => kind !== 'secrets');
    const texts = new Map(kinds.map((kind) => [kind, kubectl('get', kind, '--all-namespaces', '--output=json')]));
    for (const namespace of NAMESPACES) texts.set(`the logs of ${namespace}`, tryKubectl(['logs', '--namespace', namespace, '--selector', '!nobody', '--all-containers', '--tail', '-1', '--ignore-errors', '--max-log-requests', '1000']).text);
    expect(texts.get('the logs of minio')).toContain('user and policy pipewright-server');
    expect(texts.get('pods')).toContain('minio-root');
    const found: string[] = [];
    for (const [where, text] of texts) {
      for (const [key, value] of keys) if (text.includes(value) || text.includes(Buffer.from(value).toString('base64'))) found.push(`${key} is in ${where}`);
    }
    expect(found).toEqual([]);
  });
});
