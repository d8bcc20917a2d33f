import type { V1EnvVar } from '@kubernetes/client-node';
import type { StepContract } from '../contract/index.ts';
import { simpleTag } from './expr.ts';

/** The Secret from which pods take the variables that their steps declare, unless the options name another. */
export const ENVIRONMENT_SECRET = 'pipewright-environment';

/**
 * The variables of a step: those that it declares, and a home that can be written to, because the root file system
 * cannot. One that the Secret does not have is unset, as on a laptop; the step says then what it misses.
 */
export function environmentOf({ environment, secrets }: StepContract, secret: string): readonly V1EnvVar[] {
  const declared = [...new Set([...environment, ...secrets])];
  return [
    ...declared.map((name): V1EnvVar => {
      // The run's own name, under which a person finds it again.
      if (name === 'PIPEWRIGHT_RUN') return { name, value: simpleTag('workflow.name') };
      return { name, valueFrom: { secretKeyRef: { name: secret, key: name, optional: true } } };
    }),
    ...(declared.includes('HOME') ? [] : [{ name: 'HOME', value: '/tmp' }]),
  ];
}
