import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { V1Container, V1NetworkPolicy, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';

export const FOLDER = fileURLToPath(new URL('../../manifests/cluster/', import.meta.url));

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  readonly [key: string]: unknown;
}

export interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly files: readonly string[] }[];
}

export function readKustomization(folder: string): Kustomization {
  return parse(readFileSync(join(FOLDER, folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
}

/** All objects of a file, relative to manifests/cluster. */
export function readManifests(file: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'), { strict: true, uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as Manifest;
  });
}

/** All that `kubectl apply -k` of that folder installs, but what is generated. */
export function readInstalled(folder = ''): readonly Manifest[] {
  return readKustomization(folder).resources.flatMap((file) => readManifests(join(folder, file)));
}

export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: V1PodSpec;
  readonly containers: readonly V1Container[];
}

/** Everything that makes pods. */
export function workloadsOf(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job').map(({ kind, metadata, spec }) => {
    const { metadata: pod, spec: podSpec } = (spec as { readonly template: V1PodTemplateSpec }).template;
    return { kind, namespace: metadata.namespace!, name: metadata.name, labels: pod?.labels ?? {}, pod: podSpec!, containers: [...(podSpec!.initContainers ?? []), ...podSpec!.containers] };
  });
}

export function networkPoliciesOf(manifests: readonly Manifest[]): readonly V1NetworkPolicy[] {
  return manifests.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as readonly V1NetworkPolicy[];
}
