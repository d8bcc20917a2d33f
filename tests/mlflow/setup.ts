import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE, STAMP, VENV, whyNoMlflow } from './surroundings.ts';

/** Installs MLflow once; minutes and a gigabyte, kept for the next time. */
export default function setup(): void {
  if (whyNoMlflow() !== undefined || (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === PACKAGE)) return;
  console.log(`installing ${PACKAGE} into ${VENV}: some minutes, once`);
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(dirname(VENV), { recursive: true });
  work('python3', ['-m', 'venv', VENV]);
  work(join(VENV, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE]);
  writeFileSync(STAMP, PACKAGE);
}

function work(program: string, words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? stderr.slice(-2000)}`);
}
