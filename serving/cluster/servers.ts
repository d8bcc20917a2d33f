import { autoscaler, deployment, disruptionBudget, service } from './version-objects.ts';
import { inferenceService, KSERVE_GROUP } from './inference-service.ts';
import type { Kubernetes } from './kubernetes.ts';
import { MODEL_LABEL, VERSION_LABEL } from './labels.ts';
import { versionName } from './names.ts';
import { KEPT_REPLICAS, type ServingPlace } from './place.ts';

/** The servers of all versions of a model: by Deployments of ours, or by KServe where it is installed. Every action can be repeated. */
export interface Servers {
  /** Name of the Deployment of a version, whoever makes it. */
  deploymentOf(version: number): string;
  serviceOf(version: number): string;
  /** Seconds after which the Deployment of a version that was brought up is missed: KServe makes it a moment later. */
  readonly absentSeconds: number;
  /** Versions that have servers. */
  list(): Promise<readonly number[]>;
  /** How many a version has been given; 0 where there is none. */
  countOf(version: number): Promise<number>;
  /** The image of a version's servers. */
  imageOf(version: number): Promise<string | undefined>;
  /** Brings a version up, with at least as many servers as it has. */
  bring(version: number, least: number): Promise<void>;
  /** Leaves a version that has no requests as few servers as it needs to come back. */
  keep(version: number): Promise<void>;
  remove(version: number): Promise<void>;
}

export async function chooseServers(kubernetes: Kubernetes, model: string, place: ServingPlace): Promise<Servers> {
  return (await kubernetes.hasGroup(KSERVE_GROUP)) ? kserveServers(kubernetes, model, place) : plainServers(kubernetes, model, place);
}

function plainServers(kubernetes: Kubernetes, model: string, place: ServingPlace): Servers {
  const nameOf = (version: number): string => versionName(model, version);
  const settle = async (version: number, least: number): Promise<void> => {
    await kubernetes.apply('HorizontalPodAutoscaler', autoscaler({ model, version }, place, least));
    await kubernetes.scale(nameOf(version), least);
  };
  return {
    deploymentOf: nameOf,
    serviceOf: nameOf,
    absentSeconds: 0,
    list: async () => versionsOf(await kubernetes.list('Deployment', { [MODEL_LABEL]: model })),
    countOf: async (version) => (await kubernetes.get('Deployment', nameOf(version)))?.spec?.replicas ?? 0,
    imageOf: (version) => imageOf(kubernetes, nameOf(version)),
    bring: async (version, least) => {
      const served = { model, version };
      const present = await kubernetes.get('Deployment', nameOf(version));
      await kubernetes.apply('Service', service(served, place));
      await kubernetes.apply('PodDisruptionBudget', disruptionBudget(served, place));
      await kubernetes.apply('Deployment', deployment(served, place));
      if ((present?.spec?.replicas ?? 0) < least) await settle(version, least);
      else await kubernetes.apply('HorizontalPodAutoscaler', autoscaler(served, place, least));
    },
    keep: (version) => settle(version, KEPT_REPLICAS),
    remove: async (version) => {
      for (const kind of ['HorizontalPodAutoscaler', 'Deployment', 'PodDisruptionBudget', 'Service'] as const) await kubernetes.remove(kind, nameOf(version));
    },
  };
}

/** KServe makes Deployment, Service and autoscaler of an InferenceService, all called `<name>-predictor`; a disruption budget it does not make. */
function kserveServers(kubernetes: Kubernetes, model: string, place: ServingPlace): Servers {
  const nameOf = (version: number): string => versionName(model, version);
  const predictorOf = (version: number): string => `${nameOf(version)}-predictor`;
  const apply = (version: number, least: number, image: string): Promise<void> => kubernetes.apply('InferenceService', inferenceService({ model, version }, { ...place, image }, least));
  return {
    deploymentOf: predictorOf,
    serviceOf: predictorOf,
    absentSeconds: 30,
    list: async () => versionsOf(await kubernetes.list('InferenceService', { [MODEL_LABEL]: model })),
    countOf: async (version) => (await kubernetes.get('Deployment', predictorOf(version)))?.spec?.replicas ?? 0,
    imageOf: (version) => imageOf(kubernetes, predictorOf(version)),
    bring: async (version, least) => {
      await kubernetes.apply('PodDisruptionBudget', disruptionBudget({ model, version }, place));
      await apply(version, least, place.image);
      const present = await kubernetes.get('Deployment', predictorOf(version));
      if (present !== undefined && (present.spec?.replicas ?? 0) < least) await kubernetes.scale(predictorOf(version), least);
    },
    keep: async (version) => {
      await apply(version, KEPT_REPLICAS, (await imageOf(kubernetes, predictorOf(version))) ?? place.image);
      // KServe leaves the number to the autoscaler, which does not lower it without metrics.
      await kubernetes.scale(predictorOf(version), KEPT_REPLICAS);
    },
    remove: async (version) => {
      for (const kind of ['InferenceService', 'PodDisruptionBudget'] as const) await kubernetes.remove(kind, nameOf(version));
    },
  };
}

async function imageOf(kubernetes: Kubernetes, deployment: string): Promise<string | undefined> {
  return (await kubernetes.get('Deployment', deployment))?.spec?.template.spec?.containers[0]?.image;
}

function versionsOf(objects: readonly { readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly deletionTimestamp?: Date | undefined } }[]): readonly number[] {
  return objects
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(({ metadata }) => Number(metadata?.labels?.[VERSION_LABEL]))
    .filter(Number.isSafeInteger)
    .sort((a, b) => a - b);
}
