import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '../../dsl/util/index.ts';
import { decodeModel, type ModelDocument } from '../../model/document/index.ts';
import { prepareModel } from '../../serving/models/served-model.ts';
import { verifyServing } from '../../serving/verify-serving.ts';
import { formatManifest } from '../../store/index.ts';
import { implementStep } from '../runtime/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { deploy } from './contract.ts';
import { findCluster, rollOutOn } from './on-cluster.ts';
import { registerModel } from './register.ts';
import { resolveSince } from './resolve-since.ts';
import { startServing } from './serving-process.ts';
import { readVerdict } from './verdict.ts';

export default implementStep(deploy, async ({ parameters, inputs, outputs, environment, log, signal }) => {
  const { name, alias } = parameters;
  const store = await openStepStore(environment);
  const cluster = await findCluster(environment, alias);
  const files = await readFolder(inputs.model);
  const digest = digestOf(formatManifest(Object.entries(files).map(([path, bytes]) => ({ path, digest: digestOf(bytes), size: bytes.length }))));
  const verdict = await readVerdict(inputs.verdict, digest);
  const { document } = await refuseRangeErrors('PW507', 'Train the model again; do not change its files by hand.', () => decodeModel(files));
  // Before anything is registered: what this release cannot serve is no version.
  if (cluster === undefined) await proveInProcess(inputs.model, document, log, signal);
  else prepareModel(files, { name, version: 'to be registered', role: alias, digest });

  const registered = await registerModel(store, { name, alias, folder: inputs.model, document, verdict, run: environment['PIPEWRIGHT_RUN'], isRolledOut: cluster !== undefined });
  const { version } = registered.version;
  const promote = async (): Promise<void> => {
    log(`${alias} of ${name} points to version ${version} ${(await registered.promote()) ? 'now' : 'already'}.`);
  };
  if (cluster === undefined) await promote();
  else await rollOutOn(cluster, { model: name, version, document, ledger: { ...registered, promote }, log, signal });
  await writeFile(outputs.deployment, `${canonicalJson({ format: 'pipewright/deployment/1', name, version, alias, digest })}\n`);
  return { version, digest };
}, { resolve: resolveSince });

async function proveInProcess(folder: string, document: ModelDocument, log: (line: string) => void, signal: AbortSignal): Promise<void> {
  const server = await startServing(folder, document.name, signal);
  try {
    const { compared, largestDifference, medianMilliseconds } = await verifyServing(server.url, document, signal);
    log(`A server answers ${compared} golden predictions within ${largestDifference.toExponential(1)}, one in ${medianMilliseconds.toFixed(1)} ms.`);
  } finally {
    await server.stop();
  }
}

async function readFolder(folder: string): Promise<Record<string, Uint8Array>> {
  const names = await readdir(folder);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
