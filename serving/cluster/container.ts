import type { V1Container, V1EnvVar, V1PodSpec, V1Probe } from '@kubernetes/client-node';
import type { Served, ServingPlace } from './place.ts';

export const PORT = 8080;

/** Who servers are; manifests/cluster/models has it. */
const SERVICE_ACCOUNT = 'pipewright-server';

/**
 * Seconds. After SIGTERM a server goes on answering for the first, while the gateway learns that it is leaving, and then
 * finishes what is in flight within the second. tests/cluster/rollout.test.ts prints how long the gateway really takes.
 */
const DRAIN_DELAY = 10;
const DRAIN_TIMEOUT = 20;
const SPARE = 5;
/**
 * Seconds. Envoy keeps an idle connection for an hour; a server that closed it earlier could do so just as a request is
 * sent on it. https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts
 */
const KEEP_ALIVE = 3660;
/** Seconds between two tries to load the model. Once it is loaded nothing is asked any more. */
const RETRY_LOAD = 2;

/** One model server, which serves one version for good. Meets the restricted Pod Security Standard and needs no writable file system. */
export function serverContainer(served: Served, place: ServingPlace): V1Container {
  return {
    // KServe's name for the container that predicts.
    name: 'kserve-container',
    image: place.image,
    imagePullPolicy: 'IfNotPresent',
    env: environment(served, place),
    ports: [{ name: 'http', containerPort: PORT, protocol: 'TCP' }],
    // About 1,000 requests a second of one row (docs/serving.md, "How fast"); no limit, which would only add latency.
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    startupProbe: probe('/v2/health/live', { periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120 }),
    // On a busy machine all servers answer late at once, and taking all of them out would make slow answers none.
    readinessProbe: probe('/v2/health/ready', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 15 }),
    livenessProbe: probe('/v2/health/live', { periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/** What a pod of servers has around its container. */
export function serverPod(served: Served, place: ServingPlace, labels: Record<string, string>): V1PodSpec {
  return {
    containers: [serverContainer(served, place)],
    // It calls no API of Kubernetes.
    serviceAccountName: SERVICE_ACCOUNT,
    automountServiceAccountToken: false,
    // No variables for every Service of the namespace.
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    terminationGracePeriodSeconds: DRAIN_DELAY + DRAIN_TIMEOUT + SPARE,
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } },
    ],
  };
}

function environment({ model, version }: Served, { secret }: ServingPlace): V1EnvVar[] {
  const literal = (name: string, value: string | number): V1EnvVar => ({ name, value: String(value) });
  const fromSecret = (name: string, key: string, optional: boolean): V1EnvVar => ({ name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional ? { optional } : {}) } } });
  return [
    literal('PIPEWRIGHT_SERVING_MODEL', model),
    literal('PIPEWRIGHT_SERVING_MODEL_VERSION', version),
    literal('PIPEWRIGHT_SERVING_HOST', '0.0.0.0'),
    literal('PIPEWRIGHT_SERVING_PORT', PORT),
    literal('PIPEWRIGHT_SERVING_POLL', RETRY_LOAD),
    literal('PIPEWRIGHT_SERVING_KEEP_ALIVE_TIMEOUT', KEEP_ALIVE),
    literal('PIPEWRIGHT_SERVING_DRAIN_DELAY', DRAIN_DELAY),
    literal('PIPEWRIGHT_SERVING_DRAIN_TIMEOUT', DRAIN_TIMEOUT),
    fromSecret('PIPEWRIGHT_SERVING_STORE', 'PIPEWRIGHT_STORE', false),
    ...['S3_ENDPOINT', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) => fromSecret(name, name, true)),
  ];
}

function probe(path: string, times: Pick<V1Probe, 'periodSeconds' | 'timeoutSeconds' | 'failureThreshold'>): V1Probe {
  return { httpGet: { path, port: PORT }, ...times };
}
