import { digestOfJson, type Brand, type Digest } from '../util/index.ts';
import type { Json } from '../util/index.ts';
import type { StepContract } from './step-contract.ts';

/** The key of a cache entry: two executions with the same fingerprint have the same outputs. */
export type Fingerprint = Brand<'Fingerprint'>;

/**
 * All that decides what a step writes, and nothing else. Each field says why it belongs here; a name of a task or a run,
 * a path, a time or a resource request does not.
 */
export interface FingerprintParts {
  /** Bumped when the meaning of a cache entry changes. */
  readonly version: 1;
  /** The step's name: two steps that share an image are two steps. */
  readonly step: string;
  /** The code: digest of the bundle of a TypeScript step, or image and command line of any other. */
  readonly code: Digest;
  /** Values by parameter. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** Digests by input; a list where the input is a collection, in the loop's order; null where an optional input is absent. */
  readonly inputs: Readonly<Record<string, Digest | readonly Digest[] | null>>;
  /** The declared outputs and results: adding one must run the step again. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** Values of the environment variables that the step declares; null where unset. */
  readonly environment: Readonly<Record<string, string | null>>;
}

/** What a step was given, as both sides that compute fingerprints know it: the runner of a laptop and the harness in a pod. */
export interface Circumstances {
  readonly code: Digest;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly inputs: FingerprintParts['inputs'];
  /** Of all variables there are; only those that the contract declares count. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function fingerprintParts(contract: StepContract, { code, parameters, inputs, environment }: Circumstances): FingerprintParts {
  return {
    version: 1,
    step: contract.name,
    code,
    parameters,
    inputs,
    outputs: declaredOutputs(contract),
    environment: Object.fromEntries(contract.environment.map((name) => [name, environment[name] ?? null])),
  };
}

export function fingerprintOf(parts: FingerprintParts): Fingerprint {
  return digestOfJson(parts) as string as Fingerprint;
}

/** The code identity of a step that is not a bundle: the program is in its image and its command line. */
export function commandDigest(contract: StepContract): Digest {
  return digestOfJson({ image: contract.image, program: contract.program.kind === 'command' ? contract.program.command : [] });
}

function declaredOutputs(contract: StepContract): FingerprintParts['outputs'] {
  return {
    ...Object.fromEntries(Object.entries(contract.outputs).map(([name, output]) => [name, output.artifact as unknown as Json])),
    ...Object.fromEntries(Object.entries(contract.results).map(([name, result]) => [name, result.type as unknown as Json])),
  };
}

