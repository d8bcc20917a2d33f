import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '../../dsl/util/index.ts';
import { decodeModel } from '../../model/document/index.ts';
import { formatManifest } from '../../store/index.ts';
import { implementStep } from '../runtime/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { deploy } from './contract.ts';
import { registerAndPromote } from './register.ts';
import { startServing } from './serving-process.ts';
import { readVerdict } from './verdict.ts';
import { verifyServing } from './verify-serving.ts';

export default implementStep(deploy, async ({ parameters, inputs, outputs, environment, log, signal }) => {
  const { name, alias } = parameters;
  const store = await openStepStore(environment);
  const files = await readFolder(inputs.model);
  const digest = digestOf(formatManifest(Object.entries(files).map(([path, bytes]) => ({ path, digest: digestOf(bytes), size: bytes.length }))));
  const verdict = await readVerdict(inputs.verdict, digest);
  const { document } = await refuseRangeErrors('PW507', 'Train the model again; do not change its files by hand.', () => decodeModel(files));

  const server = await startServing(inputs.model, document.name, signal);
  try {
    const { compared, largestDifference, medianMilliseconds } = await verifyServing(server.url, document, signal);
    log(`A server answers ${compared} golden predictions within ${largestDifference.toExponential(1)}, one in ${medianMilliseconds.toFixed(1)} ms.`);
  } finally {
    await server.stop();
  }

  const { version, moved } = await registerAndPromote(store, { name, alias, folder: inputs.model, document, verdict, run: environment['PIPEWRIGHT_RUN'] });
  log(moved ? `${alias} of ${name} points to version ${version.version} now.` : `${alias} of ${name} points to version ${version.version} already.`);
  await writeFile(outputs.deployment, `${canonicalJson({ format: 'pipewright/deployment/1', name, version: version.version, alias, digest })}\n`);
  return { version: version.version, digest };
});

async function readFolder(folder: string): Promise<Record<string, Uint8Array>> {
  const names = await readdir(folder);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
