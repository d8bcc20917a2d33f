import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What argo-lint has against one object. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly name: string;
  /** `lint` is Argo's own validation, `crd` the schema of its full CRDs. */
  readonly check: string;
  readonly message: string;
}

export type Lint = (files: readonly string[]) => Promise<readonly Finding[]>;

export const HOW_TO_ENABLE = 'build argo-lint with the rig\'s argo/build-lint.sh and set PIPEWRIGHT_ARGO_LINT to it, or put it on the PATH';

/** Argo's own validator, from PIPEWRIGHT_ARGO_LINT or the PATH; a text says why there is none. */
export async function findLint(): Promise<Lint | string> {
  const named = process.env['PIPEWRIGHT_ARGO_LINT'];
  const candidates = named ? [named] : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'argo-lint'));
  for (const candidate of candidates) {
    const isThere = await access(candidate, constants.X_OK).then(() => true, () => false);
    if (isThere) return (files) => lint(candidate, files);
  }
  return named ? `PIPEWRIGHT_ARGO_LINT names ${named}, which cannot be executed.` : 'PIPEWRIGHT_ARGO_LINT is not set, and there is no argo-lint on the PATH.';
}

function lint(program: string, files: readonly string[]): Promise<readonly Finding[]> {
  return new Promise((resolve, reject) => {
    execFile(program, ['-crd', '-json', ...files], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      // 1 is its way to say that it found something.
      if (error && error.code !== 1) reject(new Error(`argo-lint: ${stderr || error.message}`));
      else resolve((JSON.parse(stdout || '[]') ?? []) as Finding[]);
    });
  });
}
