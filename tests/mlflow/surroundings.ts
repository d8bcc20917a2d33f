import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** With its basic authentication. */
export const PACKAGE = 'mlflow[auth]==3.17.2';

export const VENV = join(process.env['RIG_CACHE'] ?? join(homedir(), '.cache/rig'), 'mlflow/venv');

/** Written when the installation is whole, and says of what. */
export const STAMP = join(VENV, 'installed');

/** Why there can be no MLflow here, and what to do about it; undefined if there can. */
export function whyNoMlflow(): string | undefined {
  if (existsSync(STAMP)) return undefined;
  for (const words of [['-c', 'import sys; assert sys.version_info >= (3, 10)'], ['-c', 'import venv, ensurepip']]) {
    try {
      execFileSync('python3', words, { stdio: 'ignore', timeout: 20_000 });
    } catch {
      return 'there is no Python from 3.10 on with venv and pip. Install it (python3, python3-venv), then run: npm run test:mlflow';
    }
  }
  return undefined;
}
