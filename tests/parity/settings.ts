/**
 * The cluster of these tests: the one that KUBECONFIG names, in the namespace PIPEWRIGHT_TEST_NAMESPACE, which needs an
 * artifact repository, the service account below, and the image on its nodes. A text says why there is none.
 */
export function clusterSettings(): { readonly namespace: string; readonly serviceAccountName: string; readonly image: string } | string {
  const { PIPEWRIGHT_TEST_NAMESPACE: namespace, PIPEWRIGHT_TEST_SERVICE_ACCOUNT: serviceAccountName = 'pipewright-step', PIPEWRIGHT_TEST_IMAGE: image = 'busybox:1.36', KUBECONFIG } = process.env;
  if (namespace === undefined || namespace === '') return 'PIPEWRIGHT_TEST_NAMESPACE is not set: npm run test:cluster sets it.';
  if (KUBECONFIG === undefined || KUBECONFIG === '') return 'KUBECONFIG is not set: npm run test:cluster sets it.';
  return { namespace, serviceAccountName, image };
}
