import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, plainEnvironment, removeFolder, type Told } from './support/call.ts';
import { BIN, start, type Call } from './support/start.ts';
import { codeIn, expectAnswer, tablesOf, wordsOf, type Row } from './support/table.ts';

const [rows] = tablesOf('Surroundings');
const withBefore = (shell: string): Call => ({ shell: `trap "" XFSZ; ${shell}` });
const s3 = (endpoint: string): Call => ({ environment: { ...plainEnvironment(), S3_ENDPOINT: endpoint, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } });

/** How a row's process is started, and what is laid out before: by the words of its first column up to a colon or bracket. */
const CALLS: Readonly<Record<string, (folder: string) => Promise<Call> | Call>> = {
  'Nothing is in the environment': () => ({ environment: {} }),
  'HOME and TMPDIR lead nowhere': (folder) => ({ environment: { ...plainEnvironment(), HOME: join(folder, 'file.ts/home'), TMPDIR: join(folder, 'file.ts/tmp') } }),
  'The reader of the output stops': () => ({ stopsReading: true }),
  'The reader of the events stops': () => ({ stopsReading: true }),
  'The output is on a full disk': () => ({ shell: 'exec > /dev/full;' }),
  'No file can grow, as on a full disk': () => withBefore('ulimit -f 1;'),
  'The report alone is too large for the disk': () => withBefore('ulimit -f 16;'),
  'The folder may not be written to': async (folder) => {
    await chmod(folder, 0o555);
    return { isNobody: true };
  },
  'Pipewright was installed by another user': async (folder) => {
    await chmod(folder, 0o755);
    return { isNobody: true };
  },
  'The pipeline file may not be read': async (folder) => {
    await chmod(folder, 0o755);
    await chmod(join(folder, 'pipeline.ts'), 0o000);
    return { isNobody: true };
  },
  'The folder was removed under the shell': async (folder) => {
    await mkdir(join(folder, 'inner'));
    return { shell: 'cd inner; rmdir ../inner;' };
  },
  'The file waits for what never comes': () => ({}),
  'The file ends the program': () => ({}),
  'The file computes for ever': () => ({ interruptAfterMs: 1500 }),
  'The file leaves a timer behind': () => ({}),
  'The file throws while its pipeline runs': () => ({}),
  'S3 is not an address': () => s3('nonsense'),
  'S3 does not answer': () => s3('http://127.0.0.1:1'),
  'There is no Docker': (folder) => ({ environment: { ...plainEnvironment(), PATH: folder } }),
  'Docker does not answer': async (folder) => {
    await writeFile(join(folder, 'docker'), '#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2\nexit 1\n', { mode: 0o755 });
    return { environment: { ...plainEnvironment(), PATH: `${folder}:/usr/bin:/bin` } };
  },
};

const nameOf = ({ what }: Row): string => what.split(/:| \(/)[0]!;
/** `file.ts` of a row that shows it: the pipeline of the page, below what the row shows. */
const fileOf = ({ what }: Row): string => `${/: `([^`]+)`$/.exec(what)?.[1] ?? ''}\n${codeIn('')}`;
/** Works for some seconds, so that there is something to throw into. */
const SLOW = "import { defineContainerStep, pipeline } from 'pipewright';\nexport default pipeline('slow', {}, ({ task }) => { task(defineContainerStep({ name: 'slow', image: 'x', command: () => ['sh', '-c', 'sleep 60; true'] }), {}); });\n";

/** Whoever tests as root in a folder of root's own cannot show what another user meets there. */
const isOpen = process.getuid?.() !== 0 || spawnSync('ls', [BIN], { uid: 65534, gid: 65534 }).status === 0;
const BY_ANOTHER_USER = ['The folder may not be written to', 'Pipewright was installed by another user', 'The pipeline file may not be read'];
const shown = rows!.filter((row) => isOpen || !BY_ANOTHER_USER.includes(nameOf(row)));
if (!isOpen) console.warn(`SKIPPED what another user meets: nobody else may enter this folder. Run the tests in one that others may read: chmod o+x, or a clone below /tmp`);

const answers = new Map<Row, Told & { readonly folder: string }>();

async function carryOut(row: Row): Promise<void> {
  const folder = await makeFolder();
  await writeFile(join(folder, 'pipeline.ts'), codeIn(''));
  await writeFile(join(folder, 'file.ts'), row.given.startsWith('run file.ts') ? `${/: `([^`]+)`$/.exec(row.what)![1]!}\n${SLOW}` : fileOf(row));
  // Packed before: else a file that may not grow would be the packed one.
  if (nameOf(row).includes('grow') || nameOf(row).includes('too large')) await start(folder, ['check', 'pipeline.ts'], {});
  if (process.getuid?.() === 0) await chown(join(folder, 'pipeline.ts'), 0, 0);
  answers.set(row, { ...(await start(folder, wordsOf(row.given), await CALLS[nameOf(row)]!(folder))), folder });
}

beforeAll(async () => {
  const waiting = [...shown];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await carryOut(row);
  };
  await Promise.all([work(), work(), work(), work()]);
}, 60_000);
afterAll(async () => {
  for (const { folder } of answers.values()) await removeFolder(folder);
});

/** Statuses of the runs in a folder. */
async function statusesIn(folder: string): Promise<readonly string[]> {
  const runs = await readdir(join(folder, '.pipewright/runs'));
  return Promise.all(runs.map(async (run) => (JSON.parse(await readFile(join(folder, '.pipewright/runs', run, 'run.json'), 'utf8')) as { readonly status: string }).status));
}

describe('what a process may meet', () => {
  it.each(shown)('$what: $given', (row) => expectAnswer(answers.get(row)!, row));

  it('is what the rows name', () => {
    expect(new Set(rows!.map(nameOf))).toEqual(new Set(Object.keys(CALLS)));
  });

  it.each(shown.filter(({ what }) => what.endsWith('the run goes on') || what.endsWith('the run is good')))('loses no run: $what', async (row) => {
    expect(await statusesIn(answers.get(row)!.folder)).toEqual(['Succeeded']);
  });

  it('leaves no step behind', async () => {
    const { folder } = answers.get(rows!.find((row) => nameOf(row) === 'The file throws while its pipeline runs')!)!;
    const isThere = async (): Promise<boolean> => {
      const found = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
      return found.some((environment) => environment.includes(`TMPDIR=${folder}`));
    };
    for (let tries = 0; tries < 50 && (await isThere()); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await isThere()).toBe(false);
    await rm(join(folder, '.pipewright/work'), { recursive: true, force: true });
  });
});
