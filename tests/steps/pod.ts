import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, encodeValue, pathsBelow, type StepContract } from '../../dsl/contract/index.ts';
import type { Bundle } from '../../dsl/local/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { getArtifact, type ArtifactReference, type Store } from '../../store/index.ts';
import type { StepRecord } from '../../steps/runtime/step-record.ts';

/** What a pod is given: the words of Argo's command line, its inputs as files, and the variables that the compiler emits. */
export interface PodPlan {
  readonly contract: StepContract;
  readonly bundle: Bundle;
  /** A folder that stands for the pod's file system. */
  readonly root: string;
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly inputs?: Readonly<Record<string, ArtifactReference | readonly ArtifactReference[] | null>>;
  /** Where the inputs are taken from: Argo's transport. */
  readonly transport?: Store;
  /** Where the cache is. */
  readonly store: string;
  readonly run?: string;
  /** As Argo names it: `train`, and the item `000003`. */
  readonly task?: string;
  readonly item?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface PodOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The text of each result, and of `_record`; as Argo would read them. */
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly record: StepRecord | undefined;
  /** Where Argo would look for each output. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A step at work. */
export interface Running {
  readonly root: string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits until it has printed something. */
  readonly saw: (text: string) => Promise<void>;
}

/** Runs a packed step as a pod would, in a process. */
export async function runInPod(plan: PodPlan, onStart: (running: Running) => void = () => undefined): Promise<PodOutcome> {
  const { contract, bundle } = plan;
  const root = await mkdtemp(join(plan.root, 'pod-'));
  for (const folder of ['inputs', 'outputs', 'results', 'tmp']) await mkdir(join(root, folder));
  for (const [name, input] of Object.entries(plan.inputs ?? {})) {
    const path = join(root, 'inputs', name);
    if (input === null) continue;
    if (!isList(input)) await getArtifact(plan.transport!, input, path);
    else for (const [index, item] of input.entries()) await getArtifact(plan.transport!, item, join(path, String(index).padStart(6, '0')));
  }
  const paths = pathsBelow(root);
  const words = commandLine(contract, { parameter: (name) => encodeValue(contract.parameters[name]!.type, plan.parameters![name]!), ...paths }, [bundle.main]);
  const child = spawn(process.execPath, words, {
    env: {
      PATH: process.env['PATH'], HOME: join(root, 'tmp'), TMPDIR: join(root, 'tmp'),
      PIPEWRIGHT_STORE: plan.store, PIPEWRIGHT_RUN: plan.run ?? 'in-pods', PIPEWRIGHT_TASK: plan.task ?? contract.name,
      ...(plan.item === undefined ? {} : { PIPEWRIGHT_ITEM: plan.item }), PIPEWRIGHT_RECORD: paths.result('_record'),
      ...plan.environment,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const saw = async (text: string): Promise<void> => {
    while (!`${stdout}${stderr}`.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  onStart({ root, saw, kill: (signal) => child.kill(signal) });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const read = async (name: string): Promise<string | undefined> => readFile(paths.result(name), 'utf8').catch(() => undefined);
  const record = await read('_record');
  return {
    code, stdout, stderr,
    texts: Object.fromEntries(await Promise.all(Object.keys(contract.results).map(async (name) => [name, await read(name)] as const))),
    record: record === undefined ? undefined : (JSON.parse(record) as StepRecord),
    outputs: Object.fromEntries(Object.keys(contract.outputs).map((name) => [name, paths.output(name)] as const).filter(([, path]) => existsSync(path))),
  };
}

function isList(input: ArtifactReference | readonly ArtifactReference[]): input is readonly ArtifactReference[] {
  return Array.isArray(input);
}
