import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'minio';
import { forward, kubectl, secretOf, tryKubectl } from '../kubectl.ts';

const NAME = 'pwf-full';
const NAMESPACE = 'minio';
/** Of the keys of Argo's transport: the server has them as its root's, so that Argo and a step may use it. */
const KEYS = 'minio-user-argo-artifacts';
const REPOSITORIES = ['--namespace', 'pipewright', 'configmap/artifact-repositories'] as const;
const MEBIBYTE = 2 ** 20;

export const FULL_STORE = `http://${NAME}.${NAMESPACE}.svc:9000`;

/** A MinIO of its own on a volume that is full, in the place of the one that Argo's artifacts go to, until it is disposed of. */
export async function fillStore(): Promise<AsyncDisposable> {
  const before = kubectl('get', ...REPOSITORIES, '--output', 'json');
  const remove = (): void => {
    tryKubectl(['replace', '--filename', '-'], withoutVersion(before));
    tryKubectl(['--namespace', NAMESPACE, 'delete', 'pod,service,networkpolicy', NAME, '--ignore-not-found', '--grace-period=1']);
    tryKubectl(['--namespace', 'pipewright', 'delete', 'networkpolicy', NAME, '--ignore-not-found']);
  };
  try {
    remove();
    for (const object of server()) {
      const { status, text } = tryKubectl(['create', '--filename', '-'], object);
      if (status !== 0) throw new Error(text);
    }
    kubectl('--namespace', NAMESPACE, 'wait', `pod/${NAME}`, '--for=condition=Ready', '--timeout=120s');
    await fill();
    const { status, text } = tryKubectl(['replace', '--filename', '-'], JSON.parse(JSON.stringify(withoutVersion(before)).replaceAll('minio.minio.svc:9000', new URL(FULL_STORE).host)));
    if (status !== 0) throw new Error(text);
  } catch (error) {
    remove();
    throw error;
  }
  return { [Symbol.asyncDispose]: async () => remove() };
}

function withoutVersion(text: string): object {
  const { metadata: { resourceVersion: _, ...metadata }, ...object } = JSON.parse(text) as { metadata: Record<string, unknown> };
  return { ...object, metadata };
}

function server(): readonly object[] {
  const metadata = { name: NAME, namespace: NAMESPACE, labels: { app: NAME } };
  const image = kubectl('--namespace', NAMESPACE, 'get', 'deployment', 'minio', '--output', 'jsonpath={.spec.template.spec.containers[0].image}');
  const key = (name: string, of: string): object => ({ name, valueFrom: { secretKeyRef: { name: KEYS, key: of } } });
  return [
    {
      apiVersion: 'v1', kind: 'Pod', metadata,
      spec: {
        automountServiceAccountToken: false, terminationGracePeriodSeconds: 1,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name: 'minio', image, imagePullPolicy: 'IfNotPresent', args: ['server', '--address', ':9000', '/data'],
          env: [key('MINIO_ROOT_USER', 'accessKey'), key('MINIO_ROOT_PASSWORD', 'secretKey'), { name: 'MINIO_BROWSER', value: 'off' }, { name: 'HOME', value: '/tmp' }],
          readinessProbe: { httpGet: { port: 9000, path: '/minio/health/ready' }, periodSeconds: 1 },
          resources: { requests: { cpu: '20m', memory: '128Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        }],
        // In memory a limit is the size of the disk.
        volumes: [{ name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '32Mi' } }],
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: NAME }, ports: [{ port: 9000 }] } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: { matchLabels: { app: NAME } }, policyTypes: ['Ingress'], ingress: [{}] } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: NAME, namespace: 'pipewright' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE } } }] }] } },
  ];
}

async function fill(): Promise<void> {
  await using way = await forward(NAMESPACE, NAME, 9000);
  const { accessKey, secretKey } = secretOf(NAMESPACE, KEYS);
  const client = new Client({ endPoint: '127.0.0.1', port: way.port, useSSL: false, region: 'us-east-1', accessKey: accessKey!, secretKey: secretKey!, retryOptions: { disableRetry: true } });
  for (const bucket of ['argo-artifacts', 'pipewright']) await client.makeBucket(bucket);
  for (const size of [MEBIBYTE, MEBIBYTE / 16, 1024]) {
    for (let at = 0, failures = 0; at < 400; at++) {
      const code = await client.putObject('pipewright', `filling/${size}-${at}`, Buffer.alloc(size, at)).then(() => undefined, (error: { readonly code?: string }) => error.code ?? String(error));
      if (code === 'XMinioStorageFull') break;
      if (code === undefined) continue;
      if (++failures > 20) throw new Error(`the server could not be filled: ${code}`);
      // It looks at its disk once a second, and may run into the end before.
      await delay(1200);
    }
  }
}
