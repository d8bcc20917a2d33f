import type { V1Container, V1PodSecurityContext, V1ResourceRequirements, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { commandLine, CONTAINER_ROOT, pathsBelow, type Resources, type StepContract, type Word } from '../contract/index.ts';
import { environmentOf, type PodSettings } from './environment.ts';
import { simpleTag, tag, member } from './expr.ts';
import { BRACE, isPlain, protectBefore, protectText } from './protect.ts';

/*
 * What a pod of a step looks like. It fits the restricted Pod Security Standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/) and a root file system that is read-only:
 * outputs, results and temporary files go to volumes that live as long as the pod.
 */

/**
 * All containers of a pod have one user, Argo's own too: what the executor downloads only its owner may read.
 */
export const POD_SECURITY: V1PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};

const CONTAINER_SECURITY = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true };

/** Argo's own containers, whatever the controller's configuration says of them: the same user, and no more rights than a step. */
export const EXECUTOR_PATCH = {
  initContainers: [{ name: 'init', securityContext: { ...CONTAINER_SECURITY, runAsNonRoot: true, runAsUser: 1000 } }],
  containers: [{ name: 'wait', securityContext: { ...CONTAINER_SECURITY, runAsNonRoot: true, runAsUser: 1000 } }],
};

const MOUNTS = {
  outputs: { name: 'outputs', mountPath: `${CONTAINER_ROOT}/outputs` },
  results: { name: 'results', mountPath: `${CONTAINER_ROOT}/results` },
  temporary: { name: 'tmp', mountPath: '/tmp' },
} as const satisfies Record<string, V1VolumeMount>;

/** The volumes of the workflow; a pod gets those that its container mounts. */
export const VOLUMES: readonly V1Volume[] = Object.values(MOUNTS).map(({ name }) => ({ name, emptyDir: {} }));

/** `command` is always there: without one, Argo's controller would ask the image's registry. */
export function containerOf(contract: StepContract, image: string, resources: Resources, settings: PodSettings): Omit<V1Container, 'name'> {
  const [program, ...args] = words(contract);
  return {
    image,
    // An image that is already on the node, loaded there by hand perhaps, is not looked for elsewhere.
    imagePullPolicy: 'IfNotPresent',
    command: [program!],
    ...(args.length > 0 ? { args } : {}),
    env: [...environmentOf(contract, settings), ...(needsBrace(contract) ? [BRACE] : [])],
    ...requirements(resources),
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      ...(Object.keys(contract.outputs).length > 0 ? [MOUNTS.outputs] : []),
      ...(Object.keys(contract.results).length > 0 || isModule(contract) ? [MOUNTS.results] : []),
      MOUNTS.temporary,
    ],
  };
}

/**
 * The command line with a tag for each parameter. Parameters are words of `argv` only, never part of a script. A text
 * goes through an expression tag because Argo writes what a simple tag yields with Go's escapes, which JSON does not
 * have for some characters (argoproj/argo-workflows#15512).
 */
function words(contract: StepContract): readonly string[] {
  const { program } = contract;
  const protectedContract: StepContract =
    program.kind === 'command' ? { ...contract, program: { kind: 'command', command: program.command.map(protectWord) } } : contract;
  return commandLine(protectedContract, {
    parameter: (name) => {
      const type = contract.parameters[name]?.type;
      return type && isPlain(type) ? simpleTag(`inputs.parameters.${name}`) : tag(member('inputs.parameters', name));
    },
    ...pathsBelow(CONTAINER_ROOT),
  });
}

function protectWord(word: Word): Word {
  if (typeof word === 'string') return protectText(word);
  return word.before === undefined ? word : { ...word, before: 'parameter' in word ? protectBefore(word.before) : protectText(word.before) };
}

/** Whether a word of the command line may have an opening brace in its protected form. */
function needsBrace({ parameters, program }: StepContract): boolean {
  if (Object.values(parameters).some(({ type }) => !isPlain(type))) return true;
  return program.kind === 'command' && program.command.some((word) => JSON.stringify(protectWord(word)).includes(BRACE.name));
}

/** Whether our harness runs in it. */
export function isModule({ program }: StepContract): boolean {
  return program.kind === 'module';
}

/** Memory is limited to what is asked for, processor time is not, unless the author says otherwise. */
function requirements({ cpu, memory, limits }: Resources): { resources?: V1ResourceRequirements } {
  const requests = definedOf({ cpu, memory });
  const bounds = definedOf({ cpu: limits?.cpu, memory: limits?.memory ?? memory });
  const resources = { ...(requests ? { requests } : {}), ...(bounds ? { limits: bounds } : {}) };
  return requests || bounds ? { resources } : {};
}

function definedOf(quantities: Record<string, string | undefined>): Record<string, string> | undefined {
  const entries = Object.entries(quantities).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
