import type { KubeConfig } from '@kubernetes/client-node';
import type { ApiAccess } from '../../serving/cluster/index.ts';

/** How the current context of a kubeconfig reaches its API server. */
export async function accessOf(config: KubeConfig): Promise<ApiAccess> {
  const options: { ca?: unknown; cert?: unknown; key?: unknown; agent?: unknown; rejectUnauthorized?: boolean; headers?: Record<string, string> } = {};
  await config.applyToHTTPSOptions(options as Parameters<KubeConfig['applyToHTTPSOptions']>[0]);
  const { headers, ...tls } = options;
  const authorization = headers?.['Authorization'];
  return { server: config.getCurrentCluster()!.server, ...(tls as Omit<ApiAccess, 'server'>), ...(authorization === undefined ? {} : { authorization: () => authorization }) };
}
