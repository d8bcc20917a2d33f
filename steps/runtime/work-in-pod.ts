import { checkValue, fingerprintOf, fingerprintParts, type Fingerprint, type FingerprintParts, type StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import type { Digest, Json } from '../../dsl/util/index.ts';
import { Cache, describeArtifact, getArtifact, mapBounded, openStore, putArtifact, withoutSecrets, type ArtifactReference, type CacheRecord, type Store } from '../../store/index.ts';
import { markEmptyFolders, unmarkEmptyFolders } from './empty-folder.ts';
import { printLines, variablesOf, type Host } from './host.ts';
import { requireOutputs } from './locate.ts';
import { patiently } from './patience.ts';
import { perform, type Given, type UntypedResolve, type UntypedWork } from './perform.ts';
import type { Pod } from './pod.ts';
import type { Staging } from './staging.ts';
import type { StepRecord } from './step-record.ts';
import { checkResults } from './write-results.ts';

/*
 * A step in a pod asks the cache itself: nobody sits beside the workflow who could. The fingerprint, the record and the
 * layout of the store are those of a run on a laptop. What happens when the store fails: docs/decisions/0009.
 */

/** A store that is being restarted is waited for: shortly before the work, longer after it, because then there is something to lose. */
const PATIENCE_SECONDS = { before: 20, after: 60 } as const;

/** Problems of an entry in the cache, not of the store: the step can work instead. */
const UNUSABLE: readonly string[] = ['PW302', 'PW308', 'PW401', 'PW402', 'PW404'];

export interface Program {
  readonly contract: StepContract;
  readonly work: UntypedWork;
  readonly resolve: UntypedResolve | undefined;
}

export interface WorkedInPod {
  readonly results: Readonly<Record<string, Json>>;
  /** Undefined without a store. */
  readonly record?: Omit<StepRecord, 'seconds'>;
}

type Made = CacheRecord<FingerprintParts, Fingerprint>;

/** Takes what the step would make from the cache, or works and keeps it. The outputs are in the staging place afterwards. */
export async function workInPod(program: Program, given: Given, host: Host, pod: Pod, staging: Staging): Promise<WorkedInPod> {
  const { contract } = program;
  await unmarkEmptyFolders(contract, given.inputs);
  // It only reads, so it can be asked again while the store does not answer.
  const parameters = await askBefore(() => resolveParameters(program, given.parameters, host), host);
  const staged = { parameters, inputs: given.inputs, outputs: staging.paths };
  const finish = async <T>(worked: T): Promise<T> => {
    await markEmptyFolders(contract, staging.paths);
    return worked;
  };
  if (pod.store === undefined || host.codeOf === undefined) return finish({ results: await perform(contract, program.work, staged, host) });

  const { store: location } = pod;
  const store = await askBefore(() => openStore(location, host.environment), host);
  const parts = fingerprintParts(contract, { code: await host.codeOf(), parameters, inputs: await digestsOf(given.inputs), environment: host.environment });
  const cache = new Cache<FingerprintParts, Fingerprint>(store);
  const found = pod.caches ? await lookUp(cache, store, contract, parts, staging, host) : undefined;
  const told = { format: 'pipewright/step-record/1', fingerprint: fingerprintOf(parts), parts: withoutSecrets(parts) } as const;
  if (found !== undefined) {
    const { run, task, finishedAt, seconds, outputs, results } = found;
    printLines(host, 'stdout', `Taken from the cache: made by ${run}/${task} on ${finishedAt.slice(0, 10)}.`);
    return finish({ results, record: { ...told, cache: { status: 'hit', run, task, finishedAt, seconds }, outputs, results } });
  }

  const started = performance.now();
  const results = await perform(contract, program.work, staged, host);
  const seconds = Math.round(performance.now() - started) / 1000;
  if (host.signal.aborted) return { results };
  const { outputs, unkept } = await keep(store, cache, parts, staging, host, { results, run: pod.run, task: pod.task, seconds }, pod.caches);
  return finish({ results, record: { ...told, cache: { status: 'miss', ...(unkept === undefined ? {} : { unkept }) }, outputs, results } });
}

/** Parameters that stand for something in the world, such as the model in production, become what they mean now. */
async function resolveParameters({ contract, resolve }: Program, parameters: Given['parameters'], host: Host): Promise<Given['parameters']> {
  if (resolve === undefined) return parameters;
  const resolved = await resolve({ parameters, environment: variablesOf(contract, host), log: (message: string) => printLines(host, 'stdout', message) });
  const issues: Issue[] = [];
  for (const [name, { type }] of Object.entries(contract.parameters)) {
    const reason = checkValue(type, resolved[name]);
    if (reason !== undefined) issues.push({ code: 'PW501', message: `The parameter "${name}", as the step "${contract.name}" resolves it, ${reason}.`, fix: 'Correct the step\'s "resolve".' });
  }
  if (issues.length > 0) throw new PipewrightError(issues);
  return Object.fromEntries(Object.keys(contract.parameters).map((name) => [name, resolved[name]!]));
}

async function digestsOf(inputs: Given['inputs']): Promise<FingerprintParts['inputs']> {
  const digestOf = async (path: string): Promise<Digest> => (await describeArtifact(path)).digest;
  const digests: Record<string, Digest | readonly Digest[] | null> = {};
  for (const [name, input] of Object.entries(inputs)) {
    digests[name] = input === undefined ? null : typeof input === 'string' ? await digestOf(input) : await mapBounded(input, 4, digestOf);
  }
  return digests;
}

async function lookUp(
  cache: Cache<FingerprintParts, Fingerprint>, store: Store, contract: StepContract, parts: FingerprintParts, staging: Staging, host: Host,
): Promise<Made | undefined> {
  try {
    const found = await askBefore(() => cache.lookUp(fingerprintOf(parts)), host);
    if (found.kind === 'none') return undefined;
    if (found.kind === 'hit') return await restore(store, contract, found.record, staging, host);
    printLines(host, 'stderr', `The cache has lost ${found.missing.map((name) => `the output "${name}"`).join(' and ')} of this step: it works again.`);
  } catch (error) {
    if (!(error instanceof PipewrightError) || !UNUSABLE.includes(error.code)) throw error;
    for (const { code, message, fix } of error.issues) printLines(host, 'stderr', `${code}: ${message}\n  → ${fix}`);
    printLines(host, 'stderr', 'So what the cache has cannot be used: the step works again.');
  }
  await staging.clear();
  return undefined;
}

async function restore(store: Store, contract: StepContract, record: Made, staging: Staging, host: Host): Promise<Made> {
  for (const [name, path] of Object.entries(staging.paths)) {
    const reference = record.outputs[name];
    if (reference !== undefined) await askBefore(() => getArtifact(store, reference, path), host);
  }
  await requireOutputs(contract, staging.paths);
  checkResults(contract, record.results);
  return record;
}

/** The outputs' references. What is done is not thrown away because the store fails now: it is handed on, and said aloud. */
async function keep(
  store: Store, cache: Cache<FingerprintParts, Fingerprint>, parts: FingerprintParts, staging: Staging, host: Host,
  made: Pick<Made, 'results' | 'run' | 'task' | 'seconds'>, isRecorded: boolean,
): Promise<{ readonly outputs: Made['outputs']; readonly unkept?: string }> {
  try {
    const outputs: Record<string, ArtifactReference> = {};
    for (const [name, path] of Object.entries(staging.paths)) outputs[name] = await askAfter(() => putArtifact(store, path), host);
    if (isRecorded) await askAfter(() => cache.keep(parts, { ...made, outputs, finishedAt: new Date().toISOString() }), host);
    return { outputs };
  } catch (error) {
    if (!(error instanceof PipewrightError) || error.code !== 'PW403') throw error;
    for (const { code, message, fix } of error.issues) printLines(host, 'stderr', `${code}: ${message}\n  → ${fix}`);
    printLines(host, 'stderr', 'The outputs are handed on, but the store does not have them: the next run has to work again.');
    const outputs: Record<string, ArtifactReference> = {};
    for (const [name, path] of Object.entries(staging.paths)) outputs[name] = await describeArtifact(path);
    return { outputs, unkept: `${error.code}: ${error.message}` };
  }
}

function askBefore<T>(ask: () => Promise<T>, host: Host): Promise<T> {
  return patiently(ask, { seconds: PATIENCE_SECONDS.before, signal: host.signal, onWait: () => sayThatItWaits(host, PATIENCE_SECONDS.before) });
}

function askAfter<T>(ask: () => Promise<T>, host: Host): Promise<T> {
  return patiently(ask, { seconds: PATIENCE_SECONDS.after, signal: host.signal, onWait: () => sayThatItWaits(host, PATIENCE_SECONDS.after) });
}

function sayThatItWaits(host: Host, seconds: number): void {
  printLines(host, 'stderr', `The store does not answer; it is asked again for up to ${seconds} s.`);
}
