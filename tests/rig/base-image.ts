import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function docker(words: readonly string[], input?: Buffer): string {
  return execFileSync('docker', words, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'], ...(input === undefined ? {} : { input }), maxBuffer: 1 << 28 });
}

/** Undefined where a container engine answers; else what to do about it. */
export function whyNoEngine(): string | undefined {
  try {
    execFileSync('docker', ['version'], { stdio: 'ignore', timeout: 10_000 });
    return undefined;
  } catch {
    return 'no container engine answers: start one (dockerd), then run this test again';
  }
}

/** This Node with the libraries that it is linked to, and nothing else: no shell, no package is needed, and nothing is fetched. */
export function importBase(image: string): void {
  const root = mkdtempSync(join(tmpdir(), 'pipewright-image-'));
  for (const folder of ['bin', 'app', 'tmp']) mkdirSync(join(root, folder));
  copyFileSync(process.execPath, join(root, 'bin/node'));
  for (const [, library] of execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/(\/[^ ]+) \(0x/g)) {
    mkdirSync(join(root, library!, '..'), { recursive: true });
    copyFileSync(library!, join(root, library!));
  }
  docker(['import', '--change', 'ENV PATH=/bin', '-', image], execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1 << 28 }));
  rmSync(root, { recursive: true });
}
