/*
 * Makes crds/argo.yaml, crds/gateway.yaml and gateway/envoy-gateway.yaml again, from the releases named below. Needs Go
 * (it downloads the modules, which carry the manifests, checked against the checksum database) and helm:
 *
 *     npx tsx manifests/cluster/vendor.ts
 *
 * Descriptions are left out, as are kinds that nothing here uses: every schema costs the API server memory.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, stringify } from 'yaml';

const ARGO = { module: 'github.com/argoproj/argo-workflows/v4', version: 'v4.0.7', licence: 'Apache-2.0' };
const ENVOY_GATEWAY = { module: 'github.com/envoyproxy/gateway', version: 'v1.9.1', licence: 'Apache-2.0' };

/** The kinds that the gateway needs, and the policies that a rollout may want (timeouts, retries, limits). */
const GATEWAY_KINDS = ['GatewayClass', 'Gateway', 'HTTPRoute', 'ReferenceGrant', 'EnvoyProxy', 'BackendTrafficPolicy', 'ClientTrafficPolicy'];

type Tree = { [key: string]: unknown };
type Release = typeof ARGO;

const folder = fileURLToPath(new URL('./', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'pipewright-vendor-'));
try {
  const argo = moduleFolder(ARGO);
  // The minimal ones: they accept any Workflow, and `pipewright compile` and Argo's controller refuse a wrong one. The
  // full ones are 11 MB and check each field at `kubectl create`, for some 200 MB more memory of the API server.
  write('crds/argo.yaml', ARGO, 'manifests/base/crds/minimal', documentsIn(join(argo, 'manifests/base/crds/minimal')).map(openTaskSet));

  const chart = join(moduleFolder(ENVOY_GATEWAY), 'charts/gateway-helm');
  const kinds = [...documentsIn(join(chart, 'charts/crds/crds')), ...documentsIn(join(chart, 'charts/crds/crds/generated'))];
  write('crds/gateway.yaml', ENVOY_GATEWAY, 'charts/gateway-helm/charts/crds', kinds.filter((crd) => GATEWAY_KINDS.includes(kindOf(crd))));
  write('gateway/envoy-gateway.yaml', ENVOY_GATEWAY, 'charts/gateway-helm', render(chart));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Folder of a Go module in the module cache. */
function moduleFolder({ module, version }: Release): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: work, encoding: 'utf8', env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=mod' } });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

function documentsIn(path: string): Tree[] {
  const files = readdirSync(path).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml').sort();
  return files.flatMap((name) => parse(readFileSync(join(path, name), 'utf8')));
}

function parse(text: string): Tree[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Tree | null).filter((tree) => tree !== null);
}

function kindOf(crd: Tree): string {
  return (crd['spec'] as { names: { kind: string } }).names.kind;
}

/** Upstream's minimal WorkflowTaskSet still spells out all of a template, though only the controller writes one. */
function openTaskSet(crd: Tree): Tree {
  if (kindOf(crd) !== 'WorkflowTaskSet') return crd;
  const open = { type: 'object', 'x-kubernetes-map-type': 'atomic', 'x-kubernetes-preserve-unknown-fields': true };
  const spec = crd['spec'] as { versions: { schema: { openAPIV3Schema: { properties: Tree } } }[] };
  for (const version of spec.versions) Object.assign(version.schema.openAPIV3Schema.properties, { spec: open, status: open });
  return crd;
}

/**
 * The chart's objects for one namespace of models. Without what would make a second `kubectl apply` a change (a Job that
 * is removed when it is done), and without helm's hooks and labels, which mean nothing to kubectl.
 */
function render(chart: string): Tree[] {
  const copy = join(work, 'chart');
  cpSync(chart, copy, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', copy]);
  // The module carries the values as a template with two blanks, which a release fills in.
  const values = readFileSync(join(copy, 'values.tmpl.yaml'), 'utf8')
    .replace('${GatewayImage}', `docker.io/envoyproxy/gateway:${ENVOY_GATEWAY.version}`).replace('${GatewayImagePullPolicy}', 'IfNotPresent');
  writeFileSync(join(copy, 'values.yaml'), values);
  const settings = [
    'topologyInjector.enabled=false', // a webhook on every pod, for clusters over several zones
    'crds.enabled=false',
    'config.envoyGateway.provider.kubernetes.watch.type=Namespaces',
    'config.envoyGateway.provider.kubernetes.watch.namespaces={pipewright-models,envoy-gateway-system}',
    'deployment.envoyGateway.resources.requests.memory=96Mi', // measured: 60 to 110 MiB with a few routes
    'deployment.envoyGateway.resources.requests.cpu=50m',
    'certgen.job.resources.requests.cpu=10m', 'certgen.job.resources.requests.memory=32Mi', 'certgen.job.resources.limits.memory=256Mi',
  ];
  const text = execFileSync('helm', ['template', 'pipewright', copy, '--namespace', 'envoy-gateway-system', '--skip-crds', ...settings.flatMap((setting) => ['--set', setting])], { encoding: 'utf8' });
  return parse(text).map((object) => {
    const metadata = object['metadata'] as { labels?: Tree; annotations?: Tree; creationTimestamp?: null };
    delete metadata.creationTimestamp;
    for (const name of ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/version']) delete metadata.labels?.[name];
    for (const name of Object.keys(metadata.annotations ?? {})) if (name.startsWith('helm.sh/')) delete metadata.annotations![name];
    if (Object.keys(metadata.annotations ?? {}).length === 0) delete metadata.annotations;
    if (object['kind'] === 'Job') delete (object['spec'] as Tree)['ttlSecondsAfterFinished'];
    return object;
  });
}

function withoutDescriptions(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutDescriptions(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => areNames || key !== 'description' || typeof inner !== 'string');
  // A property may itself be called "description" or "properties".
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutDescriptions(inner, key === 'properties' && !areNames)]));
}

function write(name: string, { module, version, licence }: Release, path: string, objects: readonly Tree[]): void {
  const head = `# Made by: npx tsx manifests/cluster/vendor.ts\n# From ${path} of ${module} ${version}, ${licence}. Do not edit.\n`;
  const text = objects.map((object) => stringify(withoutDescriptions(object), { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
  writeFileSync(join(folder, name), head + text);
}
