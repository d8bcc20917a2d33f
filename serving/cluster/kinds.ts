import type { V1Deployment, V1Pod, V1PodDisruptionBudget, V1Service, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { HttpRoute } from './route.ts';
import type { InferenceService } from './inference-service.ts';

/** Every kind that a rollout touches. */
export interface Kinds {
  readonly Deployment: V1Deployment;
  readonly Service: V1Service;
  readonly Pod: V1Pod;
  readonly PodDisruptionBudget: V1PodDisruptionBudget;
  readonly HorizontalPodAutoscaler: V2HorizontalPodAutoscaler;
  readonly HTTPRoute: HttpRoute;
  readonly InferenceService: InferenceService;
}

export type Kind = keyof Kinds;

/** Where each kind is, in the API's own words: group and version, plural. */
const PLACES: Readonly<Record<Kind, readonly [api: string, plural: string]>> = {
  Deployment: ['apis/apps/v1', 'deployments'],
  Service: ['api/v1', 'services'],
  Pod: ['api/v1', 'pods'],
  PodDisruptionBudget: ['apis/policy/v1', 'poddisruptionbudgets'],
  HorizontalPodAutoscaler: ['apis/autoscaling/v2', 'horizontalpodautoscalers'],
  HTTPRoute: ['apis/gateway.networking.k8s.io/v1', 'httproutes'],
  InferenceService: ['apis/serving.kserve.io/v1beta1', 'inferenceservices'],
};

/** The path of a kind's objects in a namespace, or of one of them. */
export function pathOf(kind: Kind, namespace: string, name?: string): string {
  const [api, plural] = PLACES[kind];
  return `/${api}/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}
