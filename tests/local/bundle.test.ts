import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandDigest, type StepContract } from '../../dsl/contract/index.ts';
import { createBundler, type Bundle } from '../../dsl/local/index.ts';
import { newFolder, shell } from './rig.ts';
import { double } from './steps/double/contract.ts';

/** A project with one step that prints what it was built from. */
async function newProject(files: Readonly<Record<string, string>> = {}): Promise<{ readonly root: string; readonly contract: StepContract }> {
  const root = await newFolder();
  const all = {
    'package.json': '{"name":"p","type":"module"}', 'src/main.ts': "import { word } from './word.ts';\nconst said: string = word;\nconsole.log(said);\n", 'src/word.ts': "export const word = 'one';\n", ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { root, contract: { ...double.contract, name: 'sample', program: { kind: 'module', entry: pathToFileURL(join(root, 'src/main.ts')).href } } };
}

const run = (bundle: Bundle): string => execFileSync(process.execPath, [bundle.main], { encoding: 'utf8' });

it('packs a step into one file that runs anywhere, with its source map beside it', async () => {
  const { root, contract } = await newProject();
  const bundle = await createBundler({ folder: join(root, '.pipewright') }).bundle(contract);
  expect(bundle.folder).toBe(join(root, '.pipewright', 'bundles', `sample-${bundle.digest.slice(7, 19)}`));
  expect((await readdir(bundle.folder)).sort()).toEqual(['main.mjs', 'main.mjs.map']);
  const elsewhere = await newFolder();
  await cp(bundle.folder, elsewhere, { recursive: true });
  expect(run({ ...bundle, main: join(elsewhere, 'main.mjs') })).toBe('one\n');
});

it('gives the same bytes wherever the project and the bundles lie', async () => {
  const made = await Promise.all([0, 1].map(async (n) => {
    const { root, contract } = await newProject();
    return createBundler({ folder: join(root, `out-${n}`) }).bundle(contract);
  }));
  expect(made[0]!.digest).toBe(made[1]!.digest);
  expect(await readFile(made[0]!.main)).toEqual(await readFile(made[1]!.main));
  expect((await readFile(made[0]!.main, 'utf8'))).not.toContain(join(made[0]!.folder, '..', '..', '..'));
});

describe('an unchanged step', () => {
  it('is not packed again; a changed one is, and its digest tells', async () => {
    const { root, contract } = await newProject();
    const bundler = createBundler({ folder: root });
    const first = await bundler.bundle(contract);
    await writeFile(first.main, 'console.log("still here")');
    expect(run(await bundler.bundle(contract))).toBe('still here\n');
    await writeFile(join(root, 'src/word.ts'), "export const word = 'two';\n");
    const second = await bundler.bundle(contract);
    expect([second.digest === first.digest, run(second)]).toEqual([false, 'two\n']);
    await writeFile(join(root, 'src/word.ts'), "export const word = 'one';\n");
    expect((await bundler.bundle(contract)).digest).toBe(first.digest);
  });

  it('is recognised by its content when only the times of its files changed', async () => {
    const { root, contract } = await newProject();
    const bundler = createBundler({ folder: root });
    const first = await bundler.bundle(contract);
    await writeFile(first.main, 'console.log("still here")');
    await utimes(join(root, 'src/word.ts'), new Date(), new Date(Date.now() + 5000));
    expect(run(await bundler.bundle(contract))).toBe('still here\n');
  });

  it('is packed again when a file changed without its size and time', async () => {
    const { root, contract } = await newProject();
    const bundler = createBundler({ folder: root });
    // A whole second, because setting a time loses what is finer than a millisecond.
    const time = Math.floor(Date.now() / 1000);
    await utimes(join(root, 'src/word.ts'), time, time);
    await bundler.bundle(contract);
    const before = await stat(join(root, 'src/word.ts'));
    await writeFile(join(root, 'src/word.ts'), "export const word = 'two';\n");
    await utimes(join(root, 'src/word.ts'), time, time);
    const after = await stat(join(root, 'src/word.ts'));
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
    expect(run(await bundler.bundle(contract))).toBe('two\n');
  });

  it('is packed again when its bundle is gone or its stamp cannot be read', async () => {
    const { root, contract } = await newProject();
    const bundler = createBundler({ folder: root });
    const first = await bundler.bundle(contract);
    await rm(first.folder, { recursive: true });
    expect(run(await bundler.bundle(contract))).toBe('one\n');
    for (const name of await readdir(join(root, 'bundles', 'stamps'))) await writeFile(join(root, 'bundles', 'stamps', name), '{');
    expect((await bundler.bundle(contract)).digest).toBe(first.digest);
  });
});

it('leaves optional packages outside: they are looked for when the step runs', async () => {
  const { root, contract } = await newProject({
    'package.json': '{"name":"p","type":"module","optionalDependencies":{"maybe-native":"1.0.0"}}',
    'src/main.ts': "const { default: word } = await import('maybe-native').catch(() => ({ default: 'absent' }));\nconsole.log(word);\n",
  });
  const bundle = await createBundler({ folder: join(root, 'out') }).bundle(contract);
  expect(run(bundle)).toBe('absent\n');
  await mkdir(join(root, 'node_modules/maybe-native'), { recursive: true });
  await writeFile(join(root, 'node_modules/maybe-native/index.js'), 'module.exports = "present";');
  expect(run(bundle)).toBe('present\n');
});

it('packs the programs of TensorFlow.js\' wasm backend beside the code, and they are found there', async () => {
  const { root, contract } = await newProject({
    'src/main.ts': "import * as tf from '@tensorflow/tfjs-core';\nimport '@tensorflow/tfjs-backend-wasm';\nconsole.log(await tf.setBackend('wasm'), tf.getBackend(), (await tf.matMul([[1, 2]], [[3], [4]]).data())[0]);\n",
  });
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  const bundle = await createBundler({ folder: join(root, 'out') }).bundle(contract);
  expect(bundle.assets).toEqual(['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']);
  const elsewhere = await newFolder();
  await cp(bundle.folder, elsewhere, { recursive: true });
  expect(run({ ...bundle, main: join(elsewhere, 'main.mjs') })).toBe('true wasm 11\n');
});

it('says what is wrong with a step that cannot be packed', async () => {
  const { root, contract } = await newProject({ 'src/word.ts': "export { word } from 'no-such-package';\n" });
  await expect(createBundler({ folder: root }).bundle(contract)).rejects.toMatchObject({
    code: 'PW306', issues: [{ message: expect.stringMatching(/^The step "sample" cannot be packed: src\/word.ts:1: Could not resolve "no-such-package"/), fix: 'Correct the import, or install the package.' }],
  });
});

it('takes image and command line for the code of any other step', async () => {
  const step = shell('other', 'true');
  const { codeOf } = createBundler({ folder: await newFolder() });
  expect(await codeOf(step.contract)).toBe(commandDigest(step.contract));
  expect(await codeOf(step.contract)).not.toBe(await codeOf(shell('other', 'false').contract));
});
