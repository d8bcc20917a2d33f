import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import { getArtifact, isArtifactReference, putArtifact, verifyArtifact, type ArtifactReference } from '../../store/artifacts.ts';
import { openDirectoryStore, type DirectoryStore } from '../../store/directory-store.ts';
import { failure } from './behaviour.ts';

let root: string;
let store: DirectoryStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  store = await openDirectoryStore(join(root, 'store'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function writeTree(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), (await readFile(path)).toString('latin1')] as const)));
}

async function damage(digest: Digest): Promise<void> {
  await chmod(store.objectPath(digest), 0o644);
  await writeFile(store.objectPath(digest), 'damaged');
}

describe('a file', () => {
  it('is its content', async () => {
    const folder = await writeTree('a', { 'model.bin': 'weights' });
    const reference = await putArtifact(store, join(folder, 'model.bin'));
    expect(reference).toEqual({ type: 'file', digest: digestOf('weights'), size: 7 });
    await getArtifact(store, reference, join(root, 'new/folders/copy.bin'));
    expect(await readFile(join(root, 'new/folders/copy.bin'), 'utf8')).toBe('weights');
  });

  it('replaces the file at its target in one step', async () => {
    const folder = await writeTree('a', { old: 'old', new: 'new' });
    await getArtifact(store, await putArtifact(store, join(folder, 'new')), join(folder, 'old'));
    expect(await readTree(folder)).toEqual({ old: 'new', new: 'new' });
  });
});

describe('a directory', () => {
  it('is the list of its files, so the same files are the same artifact', async () => {
    const first = await putArtifact(store, await writeTree('first', { 'b.txt': 'b', 'a/z.txt': 'z', 'a.txt': 'a' }));
    expect(first).toMatchObject({ type: 'directory', size: 3, files: 3 });
    const manifest = JSON.stringify({
      files: [
        { digest: digestOf('a'), path: 'a.txt', size: 1 },
        { digest: digestOf('z'), path: 'a/z.txt', size: 1 },
        { digest: digestOf('b'), path: 'b.txt', size: 1 },
      ],
    });
    expect(first.digest).toBe(digestOf(manifest));
    const second = await writeTree('second', { 'a.txt': 'a', 'b.txt': 'b', 'a/z.txt': 'z' });
    await mkdir(join(second, 'empty/deeper'), { recursive: true });
    expect(await putArtifact(store, second)).toEqual(first);
    expect(await putArtifact(store, await writeTree('third', { 'a.txt': 'b', 'b.txt': 'a', 'a/z.txt': 'z' }))).not.toEqual(first);
  });

  it('comes back as it was', async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9 _äé東-]{1,8}$/).map((text) => `n${text}n`);
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => `${segments.join('/')}.x`);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, fc.uint8Array({ maxLength: 300 }), { maxKeys: 12 }), async (files) => {
        const source = await writeTree(`in-${++count}`, files);
        const reference = await putArtifact(store, source);
        await getArtifact(store, reference, join(root, `out-${count}`));
        expect(await readTree(join(root, `out-${count}`))).toEqual(await readTree(source));
        expect(reference.files).toBe(Object.keys(files).length);
        expect(await verifyArtifact(store, reference)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('may be empty', async () => {
    const reference = await putArtifact(store, await writeTree('empty', {}));
    expect(reference).toMatchObject({ type: 'directory', size: 0, files: 0 });
    await getArtifact(store, reference, join(root, 'copy'));
    expect(await readdir(join(root, 'copy'))).toEqual([]);
  });

  it('fills an empty folder but does not touch one with content', async () => {
    const reference = await putArtifact(store, await writeTree('a', { x: '1' }));
    await mkdir(join(root, 'free'));
    await getArtifact(store, reference, join(root, 'free'));
    expect(await readTree(join(root, 'free'))).toEqual({ x: '1' });

    const taken = await writeTree('taken', { mine: 'keep me' });
    const error = await failure(getArtifact(store, reference, taken));
    expect(error.code).toBe('PW502');
    expect(error.message).toContain(taken);
    expect(await readTree(taken)).toEqual({ mine: 'keep me' });
  });
});

describe('what cannot be stored', () => {
  it.each([
    ['inside a folder', 'tree', 'tree/sub/link'],
    ['itself', 'tree/sub/link', 'tree/sub/link'],
  ])('a symbolic link: %s', async (_what, given, named) => {
    await writeTree('tree', { 'sub/file': 'x' });
    await symlink('file', join(root, 'tree/sub/link'));
    const error = await failure(putArtifact(store, join(root, given)));
    expect(error.code).toBe('PW502');
    expect(error.message).toContain(`${join(root, named)} is a symbolic link`);
  });

  it('a pipe, a name with a backslash, and what is not there', async () => {
    const folder = await writeTree('tree', { 'a\\b': 'x' });
    expect((await failure(putArtifact(store, folder))).message).toContain('a\\b has a backslash');
    await rm(join(folder, 'a\\b'));
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    expect((await failure(putArtifact(store, folder))).message).toContain('neither a file nor a folder');
    const absent = await failure(putArtifact(store, join(root, 'absent')));
    expect(absent.code).toBe('PW502');
    expect(absent.message).toContain('does not exist');
  });
});

describe('damage', () => {
  let reference: ArtifactReference;
  beforeEach(async () => (reference = await putArtifact(store, await writeTree('tree', { a: 'aa', b: 'bb', c: 'cc', d: 'dd' }))));

  it('in one file leaves nothing at the target', async () => {
    await damage(digestOf('cc'));
    const error = await failure(getArtifact(store, reference, join(root, 'out/copy')));
    expect(error.code).toBe('PW401');
    expect(error.message).toContain(digestOf('cc'));
    expect(await readdir(join(root, 'out'))).toEqual([]);
  });

  it('is found by verifying, all of it at once', async () => {
    expect(await verifyArtifact(store, reference)).toEqual([]);
    await damage(digestOf('bb'));
    await rm(store.objectPath(digestOf('dd')));
    const issues = await verifyArtifact(store, reference);
    expect(issues.map((issue) => issue.code).sort()).toEqual(['PW401', 'PW402']);
    expect(issues.map((issue) => issue.message).join()).toContain(digestOf('dd'));
    await damage(reference.digest);
    expect((await verifyArtifact(store, reference)).map((issue) => issue.code)).toEqual(['PW401']);
    expect((await verifyArtifact(store, { type: 'file', digest: digestOf('bb'), size: 2 })).map((issue) => issue.code)).toEqual(['PW401']);
  });

  it('by a list that leads out of the target writes nothing', async () => {
    const { digest } = await store.putObject('x');
    for (const path of ['../escaped', '/escaped', 'a/../../escaped', 'a//b', '.', '', 'a\0b', '..\\escaped']) {
      const manifest = await store.putObject(JSON.stringify({ files: [{ path, digest, size: 1 }] }));
      const error = await failure(getArtifact(store, { type: 'directory', digest: manifest.digest, size: 1, files: 1 }, join(root, 'out/copy')));
      expect(error.code).toBe('PW404');
      expect(await readdir(join(root, 'out'))).toEqual([]);
      expect(await readdir(root)).not.toContain('escaped');
    }
  });

  it('by a reference that calls a file a directory is told', async () => {
    const file = await store.putObject('just text');
    const error = await failure(getArtifact(store, { type: 'directory', digest: file.digest, size: 9, files: 1 }, join(root, 'copy')));
    expect(error.message).toContain("is not the list of a directory's files");
  });
});

describe('a reference read from JSON', () => {
  const digest = digestOf('x');
  it.each([
    [{ type: 'file', digest, size: 1 }, true],
    [{ type: 'directory', digest, size: 1, files: 2 }, true],
    [{ type: 'directory', digest, size: 1 }, false],
    [{ type: 'file', digest: 'x', size: 1 }, false],
    [{ type: 'link', digest, size: 1 }, false],
    [{ type: 'file', digest, size: '1' }, false],
    [null, false],
    ['file', false],
  ])('%j is one: %s', (value, expected) => {
    expect(isArtifactReference(value)).toBe(expected);
  });
});
