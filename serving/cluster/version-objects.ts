import type { V1Deployment, V1PodDisruptionBudget, V1Service, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { PORT, serverPod } from './container.ts';
import { versionLabels, versionSelector } from './labels.ts';
import { versionName } from './names.ts';
import type { Served, ServingPlace } from './place.ts';

/** Seconds after which Kubernetes itself says that a Deployment gets nowhere. */
const PROGRESS_DEADLINE = 300;

/**
 * The servers of one version. How many there are is not said here: that belongs to the autoscaler, and to `scaleVersion`
 * for what must be there at once.
 */
export function deployment(served: Served, place: ServingPlace): V1Deployment {
  const labels = versionLabels(served);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(served, place),
    spec: {
      selector: { matchLabels: versionSelector(served) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: PROGRESS_DEADLINE,
      revisionHistoryLimit: 2,
      template: {
        metadata: { labels, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(PORT), 'prometheus.io/path': '/metrics' } },
        spec: serverPod(served, place, versionSelector(served)),
      },
    },
  };
}

/** KServe's port: 80 outside, the server's inside. */
export function service(served: Served, place: ServingPlace): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(served, place),
    spec: { type: 'ClusterIP', selector: versionSelector(served), ports: [{ name: 'http', port: 80, targetPort: PORT, protocol: 'TCP', appProtocol: 'http' }] },
  };
}

/** A node that is emptied takes one server at a time. */
export function disruptionBudget(served: Served, place: ServingPlace): V1PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(served, place),
    spec: { maxUnavailable: 1, selector: { matchLabels: versionSelector(served) } },
  };
}

/** `least` is what the version has without load: more while it answers than while it is only kept. */
export function autoscaler(served: Served, place: ServingPlace, least: number): V2HorizontalPodAutoscaler {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(served, place),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: versionName(served.model, served.version) },
      minReplicas: least,
      maxReplicas: Math.max(least, place.replicas.most),
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    },
  };
}

function metadata(served: Served, { namespace }: ServingPlace): { name: string; namespace: string; labels: Record<string, string> } {
  return { name: versionName(served.model, served.version), namespace, labels: versionLabels(served) };
}
