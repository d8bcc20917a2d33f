import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CoreV1Api } from '@kubernetes/client-node';

/*
 * Attempts see nothing of one another, so a step that is to succeed at the third has to ask somebody how often it was
 * tried. `GET …?name` answers 1, 2, 3, …
 */

export interface Counter {
  /** To this the name of a count is appended. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** A counter in this process, for runs on a laptop. */
export async function startCounter(): Promise<Counter> {
  const counts = new Map<string, number>();
  const server = createServer(({ url = '' }, response) => {
    const count = (counts.get(url) ?? 0) + 1;
    counts.set(url, count);
    response.end(String(count));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/?`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** What such a counter is on a cluster: busybox's own server, with a line of shell behind it. */
const SCRIPT = '#!/bin/sh\nprintf x >> "/tmp/$QUERY_STRING"\nprintf "Content-Type: text/plain\\n\\n%s" "$(wc -c < "/tmp/$QUERY_STRING" | tr -d " ")"\n';

/** A counter as a pod, for runs on a cluster. It is under the restricted Pod Security Standard, as the steps are. */
export async function startCounterPod(core: CoreV1Api, namespace: string, name: string, image: string): Promise<Counter> {
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        restartPolicy: 'Never',
        containers: [{
          name: 'counter', image, imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', 'mkdir -p /tmp/www/cgi-bin && printf "%s" "$0" > /tmp/www/cgi-bin/count && chmod +x /tmp/www/cgi-bin/count && exec httpd -f -p 8080 -h /tmp/www', SCRIPT],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        }],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  });
  for (;;) {
    const { status } = await core.readNamespacedPod({ name, namespace });
    if (status?.phase === 'Failed') throw new Error(`the counter has failed: ${status.message ?? ''}`);
    if (status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True')) {
      return { address: `http://${status.podIP!}:8080/cgi-bin/count?`, close: async () => void (await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 })) };
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
