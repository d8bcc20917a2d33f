import type { V1Container } from '@kubernetes/client-node';
import { serverPod } from './container.ts';
import { versionLabels, versionSelector } from './labels.ts';
import { versionName } from './names.ts';
import type { Served, ServingPlace } from './place.ts';

export const KSERVE_GROUP = 'serving.kserve.io';

/** The part of KServe's InferenceService that is used here, https://kserve.github.io/website/docs/reference/crd-api */
export interface InferenceService {
  readonly apiVersion: 'serving.kserve.io/v1beta1';
  readonly kind: 'InferenceService';
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>>; readonly resourceVersion?: string };
  readonly spec: { readonly predictor: Readonly<Record<string, unknown>> & { readonly containers: readonly V1Container[]; readonly minReplicas: number; readonly maxReplicas: number } };
}

/**
 * The same servers as KServe's Standard mode makes them: it makes Deployment, Service and autoscaler. No route of its own:
 * its canary fields send no traffic, so the weights stand in ours, on its Services.
 */
export function inferenceService(served: Served, place: ServingPlace, least: number): InferenceService {
  const { containers, ...pod } = serverPod(served, place, versionSelector(served));
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: versionName(served.model, served.version),
      namespace: place.namespace,
      labels: { ...versionLabels(served), 'networking.kserve.io/visibility': 'cluster-local' },
      annotations: { 'serving.kserve.io/deploymentMode': 'Standard' },
    },
    spec: { predictor: { ...pod, containers, minReplicas: least, maxReplicas: Math.max(least, place.replicas.most), scaleMetric: 'cpu', scaleTarget: 80 } },
  };
}
