import { AppsV1Api } from '@kubernetes/client-node';
import type { Reason } from '../../dsl/local/run-record.ts';
import { statusOf, type Cluster } from './connect.ts';

const CONTROLLER = 'workflow-controller';

/**
 * Why nothing happens to a workflow: whether Argo's controller runs. Undefined when it does, and where this user may not
 * know or the server does not answer just now.
 */
export async function examineController({ config, core }: Cluster): Promise<Reason | undefined> {
  const apps = config.makeApiClient(AppsV1Api);
  try {
    const deployments = await apps.listDeploymentForAllNamespaces({ fieldSelector: `metadata.name=${CONTROLLER}` }).catch((error: unknown) =>
      statusOf(error) === 403 ? apps.listNamespacedDeployment({ namespace: 'argo', fieldSelector: `metadata.name=${CONTROLLER}` }) : Promise.reject(error as Error));
    const found = deployments.items[0];
    if (found === undefined) return down('there is no deployment of that name', 'Install it: kubectl apply --server-side -k manifests/cluster.');
    const namespace = found.metadata!.namespace!;
    if ((found.status?.readyReplicas ?? 0) > 0) return undefined;
    if (found.spec?.replicas === 0) return down('its deployment is scaled to 0', `Start it: kubectl -n ${namespace} scale deployment ${CONTROLLER} --replicas 1.`);
    const labelSelector = Object.entries(found.spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
    const pods = await core.listNamespacedPod({ namespace, labelSelector });
    const states = pods.items.flatMap(({ status }) => status?.containerStatuses ?? []).map(({ state, lastState }) => state?.waiting?.message ?? state?.waiting?.reason ?? lastState?.terminated?.reason);
    const why = states.find((state) => state !== undefined);
    return down(`none of its pods is ready${why === undefined ? '' : ` (${why.replaceAll(/\s+/g, ' ').slice(0, 200)})`}`, `Look at it: kubectl -n ${namespace} describe pods -l ${labelSelector}, and its log.`);
  } catch {
    return undefined;
  }
}

/** The last thing that the kubelet or the scheduler warned of about a pod; a volume that cannot be mounted is told of nowhere else. */
export async function lastWarning({ core, namespace }: Cluster, pod: string): Promise<string | undefined> {
  try {
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${pod},type=Warning` });
    const timeOf = ({ lastTimestamp, eventTime, metadata }: (typeof items)[number]): number => new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
    // "Error: ErrImagePull" alone says less than the warning beside it.
    return [...items].filter(({ message }) => message !== undefined && !/^(?:Error: \w+|Back-off .*)$/.test(message)).sort((a, b) => timeOf(a) - timeOf(b)).at(-1)?.message;
  } catch {
    return undefined;
  }
}

function down(why: string, fix: string): Reason {
  return { code: 'PW310', message: `Argo's controller does not run: ${why}. So no step is started.`, fix };
}
