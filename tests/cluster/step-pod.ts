import { setTimeout as delay } from 'node:timers/promises';
import type { V1EnvVar, V1Pod } from '@kubernetes/client-node';
import { commandLine, pathsBelow, type StepContract } from '../../dsl/contract/index.ts';
import { kubectl, tryKubectl } from './kubectl.ts';

export interface StepPod {
  readonly name: string;
  readonly contract: StepContract;
  readonly image: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Files by their path below the folder of inputs, such as `model/weights.bin`. */
  readonly inputs: Readonly<Record<string, Uint8Array>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface EndedPod {
  readonly exitCode: number;
  readonly log: string;
  /** What Kubernetes, and so the workflow, says of it. */
  readonly message: string;
}

const NAMESPACE = 'pipewright';

/** Runs a step in a pod as its template has it, without Argo around it: account, variables from the Secret, nothing writable but its own folder. */
export async function runStepPod({ name, contract, image, parameters, inputs, environment }: StepPod): Promise<EndedPod> {
  const paths = pathsBelow('/pipewright');
  const files = Object.entries(inputs).map(([path, bytes], at) => ({ key: `f${at}`, path, bytes }));
  const fromSecret = (variable: string): V1EnvVar => ({ name: variable, valueFrom: { secretKeyRef: { name: `${contract.serviceAccount}-environment`, key: variable, optional: true } } });
  const given = { PIPEWRIGHT_RUN: name, PIPEWRIGHT_TASK: contract.name, ...environment };
  const pod: V1Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { 'workflows.argoproj.io/workflow': name } },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName: contract.serviceAccount!,
      automountServiceAccountToken: true,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'main', image, imagePullPolicy: 'IfNotPresent',
        command: commandLine(contract, { ...paths, parameter: (parameter) => parameters[parameter] ?? String(contract.parameters[parameter]!.default) }) as string[],
        env: [
          ...[...contract.environment, ...contract.secrets].filter((variable) => !(variable in given)).map(fromSecret),
          ...Object.entries(given).map(([variable, value]) => ({ name: variable, value })),
        ],
        resources: { requests: { ...(contract.resources as Record<string, string>) }, limits: { memory: contract.resources.memory! } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
        volumeMounts: [
          { name: 'work', mountPath: '/pipewright' },
          { name: 'work', mountPath: '/tmp', subPath: 'tmp' },
          ...files.map(({ key, path }) => ({ name: 'inputs', mountPath: `/pipewright/inputs/${path}`, subPath: key })),
        ],
      }],
      volumes: [{ name: 'work', emptyDir: {} }, { name: 'inputs', configMap: { name } }],
    },
  };
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, binaryData: Object.fromEntries(files.map(({ key, bytes }) => [key, Buffer.from(bytes).toString('base64')])) };
  try {
    for (const object of [config, pod]) {
      const { status, text } = tryKubectl(['create', '--filename', '-'], object);
      if (status !== 0) throw new Error(text);
    }
    for (;;) {
      const { status } = JSON.parse(kubectl('get', 'pod', '--namespace', NAMESPACE, name, '--output', 'json')) as V1Pod;
      const ended = status?.containerStatuses?.[0]?.state?.terminated;
      if (ended !== undefined) return { exitCode: ended.exitCode, message: ended.message ?? '', log: kubectl('logs', '--namespace', NAMESPACE, name) };
      await delay(500);
    }
  } finally {
    tryKubectl(['delete', 'pod,configmap', '--namespace', NAMESPACE, name, '--ignore-not-found', '--wait=false', '--grace-period=1']);
  }
}
