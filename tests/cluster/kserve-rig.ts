import { existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CLUSTER, findRig } from './surroundings.ts';

/** The Gateway that the cluster has; KServe's own routes go through it, too. */
const GATEWAY = 'pipewright-models/pipewright';

/** Why KServe cannot be installed here, and what to do about it; undefined if it can. */
export function whyNoKServe(): string | undefined {
  const rig = findRig();
  if (rig === undefined) return 'there is no rig to build it with. Name the folder of one by PIPEWRIGHT_RIG';
  return existsSync(join(rig, 'kserve/install.sh')) ? undefined : `the rig ${rig} has no kserve/install.sh`;
}

/** Builds KServe's real controller where that was not done yet, and installs it in Standard mode, with its webhooks. */
export async function installKServe(): Promise<void> {
  await work('build.sh', 'manager');
  await work('images.sh', '--no-storage');
  await work('install.sh');
}

/** Takes all of it away again, its kinds too. */
export async function removeKServe(): Promise<void> {
  await work('install.sh', '--remove');
}

/** Not blocking: a server that the test has started must go on answering meanwhile. */
async function work(script: string, ...words: readonly string[]): Promise<void> {
  const child = spawn(join(findRig()!, 'kserve', script), words, { env: { ...process.env, RIG_CLUSTER: CLUSTER, KSERVE_GATEWAY: GATEWAY }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`${script} ${words.join(' ')} ended with ${status}:\n${said.slice(-4000)}`);
}
