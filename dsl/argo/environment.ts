import type { V1EnvVar } from '@kubernetes/client-node';
import { CLUSTER_VARIABLES, CONTAINER_ROOT, pathsBelow, PROTOCOL_VARIABLE, STEP_RECORD, STORE_SECRETS, STORE_VARIABLES, type StepContract } from '../contract/index.ts';
import { simpleTag } from './expr.ts';

/** The Secret from which pods take the variables that their steps declare, unless the options name another. */
export const ENVIRONMENT_SECRET = 'pipewright-environment';

/**
 * The image of the model server. A step that brings one up declares this variable in its `environment`: another server is
 * another deployment. It is known when the pipeline is compiled, as are all images of the project, so it is no setting of
 * the cluster.
 */
const SERVING_IMAGE = 'PIPEWRIGHT_SERVING_IMAGE';

/** With what the harness of a TypeScript step gets to the store; keys that last only some hours are not kept in a Secret. */
const OF_THE_STORE = [...STORE_VARIABLES, ...STORE_SECRETS].filter((name) => name !== 'AWS_SESSION_TOKEN');

export interface PodSettings {
  /** The Secret with the variables of steps that have no service account of their own. */
  readonly environmentSecret: string;
  readonly servingImage: string | undefined;
  /** The name of the task in the pipeline, or a tag that becomes it. */
  readonly task: string;
  /** A tag that becomes the number of the item, in a loop. */
  readonly item: string | undefined;
  readonly caches: boolean;
}

/**
 * The variables of a step: those that it declares, and a home that can be written to, because the root file system
 * cannot. One that the Secret does not have is unset, as on a laptop; the step says then what it misses. A TypeScript
 * step has also what its harness needs to ask the cache.
 */
export function environmentOf(contract: StepContract, settings: PodSettings): readonly V1EnvVar[] {
  const { environment, secrets, serviceAccount, program } = contract;
  const isModule = program.kind === 'module';
  const declared = [...new Set([...environment, ...secrets])];
  const secret = serviceAccount === undefined ? settings.environmentSecret : `${serviceAccount}-environment`;
  const known = new Map<string, string>([
    // The run's own name, under which a person finds it again.
    [CLUSTER_VARIABLES.run, simpleTag('workflow.name')],
    ...(settings.servingImage === undefined ? [] : [[SERVING_IMAGE, settings.servingImage] as const]),
  ]);
  const find = (name: string): V1EnvVar => {
    const value = known.get(name);
    return value === undefined ? { name, valueFrom: { secretKeyRef: { name: secret, key: name, optional: true } } } : { name, value };
  };
  const ofHarness = isModule ? [...OF_THE_STORE, CLUSTER_VARIABLES.run].filter((name) => !declared.includes(name)) : [];
  return [
    ...[...declared, ...ofHarness].map(find),
    ...(isModule ? harnessSettings(settings) : []),
    ...(declared.includes('HOME') ? [] : [{ name: 'HOME', value: '/tmp' }]),
  ];
}

function harnessSettings({ task, item, caches }: PodSettings): readonly V1EnvVar[] {
  return [
    { name: CLUSTER_VARIABLES.task, value: task },
    ...(item === undefined ? [] : [{ name: CLUSTER_VARIABLES.items, value: item }]),
    ...(caches ? [] : [{ name: CLUSTER_VARIABLES.cache, value: 'off' }]),
    { name: CLUSTER_VARIABLES.record, value: pathsBelow(CONTAINER_ROOT).result(STEP_RECORD) },
    // Whoever follows the run reads messages among the lines of the log.
    { name: PROTOCOL_VARIABLE, value: 'lines' },
  ];
}
