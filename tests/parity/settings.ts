import { findRig } from '../cluster/surroundings.ts';
import type { ClusterSettings } from './run-on-cluster.ts';

/**
 * The cluster of these tests: the one that KUBECONFIG names, which tests/cluster/setup.ts brings up. Another one needs an
 * artifact repository, a namespace with the service account below, and the image on its nodes.
 */
export function clusterSettings(): ClusterSettings & { readonly namespace: string } {
  const { PIPEWRIGHT_TEST_NAMESPACE: namespace = 'pipewright', PIPEWRIGHT_TEST_SERVICE_ACCOUNT: serviceAccountName = 'pipewright-step' } = process.env;
  return { namespace, serviceAccountName, image: shellImage() };
}

/** An image with a POSIX shell and little else; on machines that pull none, the one that the rig has made. */
export function shellImage(): string {
  return process.env['PIPEWRIGHT_TEST_IMAGE'] ?? (findRig() === undefined ? 'busybox:1.36' : 'localhost/rig/step:1');
}
