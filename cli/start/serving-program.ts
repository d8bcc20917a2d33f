import type { StepContract } from '../../dsl/contract/index.ts';

/** The model server is packed and built like a step. */
export const SERVING = {
  name: 'serving', image: 'pipewright/serving', program: { kind: 'module', entry: new URL('../../serving/main.ts', import.meta.url).href },
} as const as unknown as StepContract;
