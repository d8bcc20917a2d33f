import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** As kind-config.yaml has it. */
export const CLUSTER = 'pipewright';

/** The folder of scripts that build all real parts from packages, if it is there and Go is: for machines that pull no image. */
export function findRig(): string | undefined {
  const folder = resolve(PROJECT, process.env['PIPEWRIGHT_RIG'] ?? '../shared/rig');
  return existsSync(join(folder, 'cluster/up.sh')) && answers('go', ['version']) ? folder : undefined;
}

/** Puts the rig's kind and kubectl on the path. */
export function useProgramsOfRig(): void {
  const folder = join(process.env['RIG_CACHE'] ?? join(homedir(), '.cache/rig'), 'bin');
  const path = process.env['PATH'] ?? '';
  if (!path.split(delimiter).includes(folder)) process.env['PATH'] = `${folder}${delimiter}${path}`;
}

/** Why the tests cannot have a cluster here, and what to do about it; undefined if they can. */
export function whyNoCluster(): string | undefined {
  const rig = findRig();
  if (!answers('docker', ['version'])) {
    return `no container engine answers. Start one${rig === undefined ? '' : `, for example by ${join(rig, 'cluster/host.sh')}`}, then run: npm run test:cluster`;
  }
  if (rig !== undefined) return undefined;
  const missing = (['kind', 'kubectl'] as const).filter((program) => !answers(program, program === 'kind' ? ['version'] : ['version', '--client']));
  return missing.length === 0 ? undefined : `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed. Install ${missing.length === 1 ? 'it' : 'them'}, or name the folder of a rig by PIPEWRIGHT_RIG; then run: npm run test:cluster`;
}

function answers(program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
