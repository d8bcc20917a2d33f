import type { Kubernetes } from './kubernetes.ts';
import { answering, readTraffic } from './route.ts';
import type { Servers } from './servers.ts';

/** Whether a version of a model is served as a rollout left it: undefined when it is, else what is wrong, as a clause. */
export async function whyNotStanding(kubernetes: Kubernetes, servers: Servers, model: string, version: number): Promise<string | undefined> {
  const [route, deployment] = [await kubernetes.get('HTTPRoute', model), await kubernetes.get('Deployment', servers.deploymentOf(version))];
  if (deployment === undefined) return `version ${version} has no servers`;
  if ((deployment.status?.availableReplicas ?? 0) === 0) return `no server of version ${version} answers`;
  const versions = answering(readTraffic(route));
  if (versions.includes(version)) return undefined;
  return versions.length === 0 ? `version ${version} has no route` : `requests go to version ${versions.join(' and ')}, not to version ${version}`;
}
