/** Model versions on Kubernetes: their objects, and the rollout that exchanges one for another without losing a request. */
export { openApi, type Api, type ApiAccess } from './api.ts';
export { accessFromPod } from './in-cluster.ts';
export { openNamespace, type Kubernetes } from './kubernetes.ts';
export { DEFAULT_PLACE, SERVED_ALIAS, VERSION_HEADER, type Served, type ServingPlace } from './place.ts';
export { rollOut, type Ledger, type RolledOut, type RollOutOptions } from './roll-out.ts';
export { answering, readTraffic, type Traffic } from './route.ts';
export { chooseServers, type Servers } from './servers.ts';
export { whyNotStanding } from './standing.ts';
export { versionName } from './names.ts';
