import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forward, secretOf, tryKubectl } from './kubectl.ts';

const NAMESPACES = ['argo', 'pipewright', 'pipewright-models', 'minio', 'envoy-gateway-system', 'default', 'kube-system'];
const ALL = 'get list watch create update patch delete';

/** All that each account may do, as `namespace group/resource: verbs`. What is not listed here it may not do. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  'pipewright:pipewright-step': ['pipewright argoproj.io/workflowtaskresults: create patch'],
  'pipewright:pipewright-deploy': [
    `pipewright-models apps/deployments: ${ALL}`,
    `pipewright-models /services: ${ALL}`,
    `pipewright-models gateway.networking.k8s.io/httproutes: ${ALL}`,
    `pipewright-models autoscaling/horizontalpodautoscalers: ${ALL}`,
    `pipewright-models policy/poddisruptionbudgets: ${ALL}`,
    `pipewright-models serving.kserve.io/inferenceservices: ${ALL}`,
    `pipewright-models serving.kserve.io/servingruntimes: ${ALL}`,
    'pipewright-models apps/replicasets: get list watch',
    'pipewright-models /pods: get list watch',
    'pipewright-models /pods/log: get list watch',
    'pipewright-models /events: get list watch',
  ],
  'pipewright:default': [],
  'pipewright-models:pipewright-server': [],
  'pipewright-models:default': [],
  'minio:minio': [],
  'argo:default': [],
  'argo:argo': [
    'argo /configmaps: get list watch',
    `pipewright argoproj.io/workflows: ${ALL}`,
    `pipewright argoproj.io/workflows/finalizers: ${ALL}`,
    `pipewright argoproj.io/workflowtasksets: ${ALL}`,
    `pipewright argoproj.io/workflowtasksets/finalizers: ${ALL}`,
    `pipewright argoproj.io/workflowartifactgctasks: ${ALL}`,
    'pipewright argoproj.io/cronworkflows: get list watch update patch delete',
    'pipewright argoproj.io/cronworkflows/finalizers: get list watch update patch delete',
    'pipewright argoproj.io/workflowtemplates: get list watch',
    'pipewright argoproj.io/workflowtemplates/finalizers: get list watch',
    'pipewright argoproj.io/workflowtaskresults: list watch deletecollection',
    `pipewright /pods: ${ALL}`,
    'pipewright /pods/exec: get create',
    'pipewright /configmaps: get list watch',
    'pipewright /serviceaccounts: get list',
    'pipewright /events: create patch',
  ],
};

interface Rule { readonly verbs: readonly string[]; readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly resourceNames?: readonly string[] }

/** What the API server itself says that an account may do in a namespace, without what everybody may: asking about oneself. */
function rightsOf(account: string, namespace: string): readonly string[] {
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
  const { text } = tryKubectl(['create', '--raw', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', '--as', `system:serviceaccount:${account}`, '--filename', '-'], review);
  const { resourceRules } = (JSON.parse(text) as { readonly status: { readonly resourceRules: readonly Rule[] } }).status;
  return resourceRules
    .filter(({ apiGroups }) => !apiGroups.every((group) => group === 'authorization.k8s.io' || group === 'authentication.k8s.io'))
    .flatMap(({ verbs, apiGroups, resources, resourceNames = [] }) => apiGroups.flatMap((group) => resources.map((resource) => `${namespace} ${group}/${resource}: ${verbs.join(' ')}${resourceNames.map((name) => ` [${name}]`).join('')}`)));
}

describe('the service account', () => {
  it.each(Object.keys(RIGHTS))('%s may do what is listed, and nothing else anywhere', (account) => {
    expect(NAMESPACES.flatMap((namespace) => rightsOf(account, namespace)).sort()).toEqual([...RIGHTS[account]!].sort());
  });
});

const OBJECT = 'objects/sha256/ab/installation-test';
const CACHE = 'records/cache/installation-test.json';
const LEDGER = 'records/registry/installation-test/ledger/00000001.json';

/** Each request that is tried, by what it needs. Those not named for a user must be refused. */
const REQUESTS: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  'list store': (client) => client.listObjectsV2Query('pipewright', 'objects/', '', '', 10, ''),
  'read object': (client) => client.statObject('pipewright', OBJECT),
  'read cache': (client) => client.statObject('pipewright', CACHE),
  'read ledger': (client) => client.statObject('pipewright', LEDGER),
  'write object': (client) => client.putObject('pipewright', OBJECT, 'text'),
  'write cache': (client) => client.putObject('pipewright', CACHE, '{}'),
  'write ledger': (client) => client.putObject('pipewright', LEDGER, '{}'),
  'write elsewhere': (client) => client.putObject('pipewright', 'records/installation-test.json', '{}'),
  'delete object': (client) => client.removeObject('pipewright', OBJECT),
  'delete cache': (client) => client.removeObject('pipewright', CACHE),
  'delete ledger': (client) => client.removeObject('pipewright', LEDGER),
  'list transport': (client) => client.listObjectsV2Query('argo-artifacts', '', '', '', 10, ''),
  'write transport': (client) => client.putObject('argo-artifacts', 'installation-test', 'text'),
  'read transport': (client) => client.statObject('argo-artifacts', 'installation-test'),
  'delete transport': (client) => client.removeObject('argo-artifacts', 'installation-test'),
  'make a bucket': (client) => client.makeBucket('installation-test'),
  'delete the bucket': (client) => client.removeBucket('pipewright'),
  'change the policy': (client) => client.setBucketPolicy('pipewright', JSON.stringify({ Version: '2012-10-17', Statement: [] })),
};

const USERS: Readonly<Record<string, { readonly secret: readonly [string, string]; readonly may: readonly string[] }>> = {
  'argo-artifacts': { secret: ['pipewright', 'argo-artifacts'], may: ['list transport', 'write transport', 'read transport', 'delete transport'] },
  'pipewright-step': { secret: ['pipewright', 'pipewright-environment'], may: ['list store', 'read object', 'read cache', 'read ledger', 'write object', 'write cache'] },
  'pipewright-deploy': { secret: ['pipewright', 'pipewright-deploy-environment'], may: ['list store', 'read object', 'read cache', 'read ledger', 'write object', 'write cache', 'write ledger'] },
  'pipewright-server': { secret: ['pipewright-models', 'pipewright-server-environment'], may: ['list store', 'read object', 'read ledger'] },
};

describe('the user of MinIO', () => {
  let forwarded: Awaited<ReturnType<typeof forward>>;
  const clientOf = (accessKey: string, secretKey: string): Client => new Client({ endPoint: '127.0.0.1', port: forwarded.port, useSSL: false, region: 'us-east-1', pathStyle: true, accessKey, secretKey });
  const root = (): Client => clientOf(secretOf('minio', 'minio-root')['accessKey']!, secretOf('minio', 'minio-root')['secretKey']!);

  beforeAll(async () => {
    forwarded = await forward('minio', 'minio', 9000);
  });
  afterAll(async () => {
    for (const key of [OBJECT, CACHE, LEDGER]) await root().removeObject('pipewright', key);
    await root().removeObject('argo-artifacts', 'installation-test');
    await forwarded[Symbol.asyncDispose]();
  });

  it.each(Object.keys(USERS))('%s can do what its policy says and nothing else', async (user) => {
    for (const key of [OBJECT, CACHE, LEDGER]) await root().putObject('pipewright', key, '{}');
    await root().putObject('argo-artifacts', 'installation-test', '{}');
    const { secret, may } = USERS[user]!;
    const values = secretOf(...secret);
    const client = clientOf(values['AWS_ACCESS_KEY_ID'] ?? values['accessKey']!, values['AWS_SECRET_ACCESS_KEY'] ?? values['secretKey']!);
    const allowed: string[] = [];
    for (const [name, request] of Object.entries(REQUESTS)) {
      const outcome = await request(client).then(() => 'allowed', (error: { readonly code?: string }) => error.code);
      // HEAD has no body, so its refusal has another name. Anything else would be another failure than a missing right.
      if (outcome === 'allowed') allowed.push(name);
      else expect(['AccessDenied', 'Forbidden'], name).toContain(outcome);
    }
    expect(allowed.sort()).toEqual([...may].sort());
  });

  it('that does not exist is refused', async () => {
    await expect(REQUESTS['list store']!(clientOf('pipewright-step', 'not-the-key-of-this-user'))).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    await expect(REQUESTS['list store']!(clientOf('nobody', 'not-the-key-of-this-user'))).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
  });
});
