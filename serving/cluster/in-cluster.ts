import { existsSync, readFileSync } from 'node:fs';
import type { ApiAccess } from './api.ts';

/** Where a pod finds its service account, https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** How a pod reaches the API server, by the account that it runs as; undefined in a pod without a token, and anywhere else. */
export function accessFromPod(environment: Readonly<Record<string, string | undefined>>): ApiAccess | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined || !existsSync(`${ACCOUNT}/token`)) return undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: readFileSync(`${ACCOUNT}/ca.crt`),
    authorization: () => `Bearer ${readFileSync(`${ACCOUNT}/token`, 'utf8').trim()}`,
  };
}
