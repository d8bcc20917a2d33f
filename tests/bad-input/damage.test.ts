import { chmod, cp, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '../../registry/index.ts';
import { openStore } from '../../store/index.ts';
import { Author } from './support/call.ts';
import { codeIn, expectAnswer, tablesOf, wordsOf } from './support/table.ts';

const [ofRuns, ofRegistry] = tablesOf('Store and run folder');

let author: Author;
let run: string;
beforeAll(async () => {
  author = await Author.create();
  await author.write('pipeline.ts', codeIn(''));
  expect((await author.call(['run', 'pipeline.ts'])).code).toBe(0);
  [run] = (await readdir(author.path('.pipewright/runs'))) as [string];
  await cp(author.path('.pipewright'), author.path('kept'), { recursive: true });
});
beforeEach(async () => {
  await rm(author.path('.pipewright'), { recursive: true, force: true });
  await cp(author.path('kept'), author.path('.pipewright'), { recursive: true });
});
afterAll(() => author.remove());

const OBJECT = '.pipewright/store/objects/sha256/58/91b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const ofRun = (name: string): string => join('.pipewright/runs', run, name);

async function overwrite(path: string, text: string): Promise<void> {
  await chmod(author.path(path), 0o644);
  await writeFile(author.path(path), text);
}

async function overwriteCache(text: string): Promise<void> {
  const folder = '.pipewright/store/records/cache';
  for (const name of await readdir(author.path(folder))) await overwrite(join(folder, name), text);
}

/** In place of what was there. */
async function putFolder(path: string): Promise<void> {
  await rm(author.path(path));
  await mkdir(author.path(path));
}

/** What is done before a row's command, by the words of its first column up to a colon or a comma. */
const DAMAGE: Readonly<Record<string, () => Promise<void>>> = {
  'An object holds other bytes': () => overwrite(OBJECT, 'jello\n'),
  'An object was cut off': async () => {
    await chmod(author.path(OBJECT), 0o644);
    await truncate(author.path(OBJECT), 2);
  },
  'An object was deleted': () => rm(author.path(OBJECT)),
  'A folder is where an object was': () => putFolder(OBJECT),
  'The records of the cache are no JSON': () => overwriteCache('{'),
  'The records of the cache are of another version': () => overwriteCache('{"format":"pipewright/cache/9"}'),
  'The whole store was deleted': () => rm(author.path('.pipewright/store'), { recursive: true }),
  'run.json breaks off': () => overwrite(ofRun('run.json'), '{"format": "pipewright/run/1",'),
  'run.json is of another version': () => overwrite(ofRun('run.json'), '{"format": "pipewright/run/9"}'),
  'run.json is gone': () => rm(author.path(ofRun('run.json'))),
  'pipeline.json breaks off': () => overwrite(ofRun('pipeline.json'), '{'),
  'pipeline.json is gone': () => rm(author.path(ofRun('pipeline.json'))),
  'task.json is null': () => overwrite(ofRun('tasks/write/task.json'), 'null'),
  'A folder is where task.json was': () => putFolder(ofRun('tasks/write/task.json')),
  'The pointer to the latest run breaks off': () => overwrite('.pipewright/pipelines/notes.json', '{"latest'),
  'The pointer names a run that is gone': () => overwrite('.pipewright/pipelines/notes.json', '{"latest": "20250101-000000-000-abcd"}'),
  'The log of a task is gone': () => rm(author.path(ofRun('tasks/write/attempt-1.log'))),
  'The events are gone': () => rm(author.path(ofRun('events.ndjson'))),
  'The run was cut off before it had a record': () => mkdir(author.path('.pipewright/runs/20990101-000000-000-aaaa')).then(() => undefined),
};

const damageOf = (what: string): string => what.split(/[:,]/)[0]!;

describe('what was damaged after a run', () => {
  it.each(ofRuns!)('$what: $given', async (row) => {
    await DAMAGE[damageOf(row.what)]!();
    expectAnswer(await author.call(wordsOf(row.given)), row);
    // A file that was asked for is there whole or not at all.
    if (row.exit !== 0) expect(await readdir(author.folder)).not.toContain('x');
  });

  it('is what the rows name', () => {
    expect(new Set(ofRuns!.map((row) => damageOf(row.what)))).toEqual(new Set(Object.keys(DAMAGE)));
  });

  it('is mended by what the answer says', async () => {
    await DAMAGE['An object holds other bytes']!();
    const { text } = await author.call(['run', 'pipeline.ts', '--param', 'n=2']);
    expect(text).toContain(`→ Delete /home/ada/demo/${OBJECT} and run again`);
    await rm(author.path(OBJECT));
    expect((await author.call(['run', 'pipeline.ts', '--param', 'n=2'])).code).toBe(0);
  });
});

describe('a registry', () => {
  beforeAll(async () => {
    const store = await openStore(author.path('kept/store'));
    const registry = openRegistry(store);
    for (const text of ['one', 'two']) await registry.registerVersion('forecast', { artifact: { type: 'file', ...(await store.putObject(text)) }, metadata: null });
    await registry.promote('forecast', { version: 1, alias: 'production', expected: undefined, decision: 'promote', reason: 'The first.', at: '2026-01-31T12:00:00.000Z' });
  });

  const records = '.pipewright/store/records/';
  const ledger = async (): Promise<string> => {
    const names = await readdir(author.path(records), { recursive: true });
    return records + names.find((name) => name.includes('forecast') && name.includes('ledger') && name.endsWith('.json'))!;
  };
  const changes: Readonly<Record<string, () => Promise<void>>> = {
    'An entry of the ledger was changed': async () => {
      const path = await ledger();
      const { readFile } = await import('node:fs/promises');
      await overwrite(path, (await readFile(author.path(path), 'utf8')).replace('The first.', 'Another.'));
    },
    "A version's record breaks off": async () => {
      const names = await readdir(author.path(records), { recursive: true });
      await overwrite(records + names.find((name) => name.includes('forecast') && name.includes('version') && name.endsWith('.json'))!, '{');
    },
  };

  it.each(ofRegistry!)('$what: $given', async (row) => {
    await changes[damageOf(row.what)]?.();
    expectAnswer(await author.call(wordsOf(row.given)), row);
  });

  it('has the damages that the rows name', () => {
    const named = new Set(ofRegistry!.map((row) => damageOf(row.what)));
    for (const what of Object.keys(changes)) expect(named).toContain(what);
  });
});
