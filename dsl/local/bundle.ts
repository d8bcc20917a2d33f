import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleDigest, commandDigest, nameAssets, type StepContract } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import { digestOf, digestOfJson, type Digest } from '../util/index.ts';
import { readStamp, writeStamp } from './bundle-stamp.ts';

/** A TypeScript step packed into one file, and what must stand beside it. */
export interface Bundle {
  readonly step: string;
  /** Of the file and of what stands beside it: the identity of the step's code, on every machine and both backends. */
  readonly digest: Digest;
  /** Absolute path of the folder, named by step and digest. */
  readonly folder: string;
  /** Absolute path of `main.mjs` in it. */
  readonly main: string;
  /** Names of the files beside it that it needs at run time. */
  readonly assets: readonly string[];
}

export interface Bundler {
  /** Packs the step unless that was done and nothing it is made of has changed. PW306 when it cannot be packed. */
  bundle(contract: StepContract): Promise<Bundle>;
  /** The identity of any step's code: of its bundle, or of its image and command line. For `RunOptions.code`. */
  codeOf(contract: StepContract): Promise<Digest>;
}

/** Bumped when the same sources give another bundle because of this file. */
const SETTINGS_VERSION = 2;

/** Native packages that are looked for when the step runs, because they may or may not be installed. */
const NATIVE = ['@tensorflow/tfjs-node'];

/** Packages in CommonJS expect these names, and an ES module does not have them. */
const BANNER = [
  "import { createRequire as pipewrightCreateRequire } from 'node:module';",
  "import { fileURLToPath as pipewrightFileURLToPath } from 'node:url';",
  'const require = pipewrightCreateRequire(import.meta.url);',
  'const __filename = pipewrightFileURLToPath(import.meta.url);',
  "const __dirname = pipewrightFileURLToPath(new URL('.', import.meta.url)).slice(0, -1);",
].join(' ');

/** Keeps bundles in `<folder>/bundles`. One bundler may serve any number of runs, several processes may share a folder. */
export function createBundler({ folder }: { readonly folder: string }): Bundler {
  const bundles = resolve(folder, 'bundles');
  const underWay = new Map<string, Promise<Bundle>>();
  const bundle = (contract: StepContract): Promise<Bundle> => {
    const entry = entryOf(contract);
    const key = `${contract.name} ${entry}`;
    let work = underWay.get(key);
    if (work === undefined) {
      work = makeBundle(contract.name, entry, bundles).finally(() => underWay.delete(key));
      underWay.set(key, work);
    }
    return work;
  };
  return {
    bundle,
    codeOf: async (contract) => (contract.program.kind === 'module' ? (await bundle(contract)).digest : commandDigest(contract)),
  };
}

function entryOf(contract: StepContract): string {
  if (contract.program.kind !== 'module') throw new TypeError(`the step "${contract.name}" is not a TypeScript step`);
  const path = fileURLToPath(contract.program.entry);
  if (existsSync(path)) return path;
  throw new PipewrightError({
    code: 'PW306',
    message: `The step "${contract.name}" has no program: ${path} does not exist.`,
    fix: 'Write that file: import { main } from steps/runtime and call it with the step\'s implementation. Or name another one in "entry".',
  });
}

async function makeBundle(step: string, entry: string, bundles: string): Promise<Bundle> {
  const root = projectOf(entry);
  const external = await externalsOf(root);
  const settings = digestOfJson({ version: SETTINGS_VERSION, external, banner: BANNER });
  const stampPath = join(bundles, 'stamps', `${step}-${digestOf(relative(root, entry)).slice(7, 19)}.json`);
  const known = await readStamp(stampPath, root, settings);
  if (known !== undefined) {
    const found = locate(step, known.digest, known.assets, bundles);
    if (existsSync(found.main)) return found;
  }
  const packed = await pack(step, entry, root, external);
  const digest = bundleDigest(packed.main, Object.fromEntries(packed.assets.map(({ name, bytes }) => [name, bytes])));
  const made = locate(step, digest, packed.assets.map(({ name }) => name), bundles);
  await publish(made, packed);
  await writeStamp(stampPath, root, settings, packed.inputs, { digest, assets: made.assets });
  return made;
}

function locate(step: string, digest: Digest, assets: readonly string[], bundles: string): Bundle {
  const folder = join(bundles, `${step}-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`);
  return { step, digest, folder, main: join(folder, 'main.mjs'), assets };
}

interface Packed {
  readonly main: Uint8Array;
  readonly map: Uint8Array;
  readonly assets: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** All files it is made of, relative to the project. */
  readonly inputs: readonly string[];
}

async function pack(step: string, entry: string, root: string, external: readonly string[]): Promise<Packed> {
  const { build } = await import('esbuild');
  const out = join(root, 'main.mjs');
  const result = await build({
    absWorkingDir: root,
    // Relative names, because they end up in the bundle: the same bytes wherever the project lies.
    entryPoints: [relative(root, entry)],
    outfile: out,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: true,
    metafile: true,
    logLevel: 'silent',
    external: [...external],
    banner: { js: BANNER },
  }).catch((cause: unknown) => Promise.reject(unpackable(step, cause)));
  const inputs = Object.keys(result.metafile.inputs).filter((path) => !path.includes(':'));
  const file = (end: string): Uint8Array => result.outputFiles.find(({ path }) => path.endsWith(end))!.contents;
  const declared = await declaredAssets(step, entry, root);
  const assets = [...(await wasmBeside(root, inputs)), ...declared.assets];
  return { main: nameAssets(file('.mjs'), assets.map(({ name }) => name)), map: file('.map'), inputs: [...inputs, ...declared.inputs], assets };
}

/** The wasm backend of TensorFlow.js loads its programs from files beside its own code, which is now the bundle. */
async function wasmBeside(root: string, inputs: readonly string[]): Promise<Packed['assets']> {
  const code = inputs.find((path) => /@tensorflow\/tfjs-backend-wasm\/(dist|wasm-out)\//.test(path));
  if (code === undefined) return [];
  const folder = join(root, code.slice(0, code.indexOf('tfjs-backend-wasm/') + 'tfjs-backend-wasm/'.length), 'dist');
  const names = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

/**
 * Files that a step reads from beside its program. `assets.json` beside the entry says which: a name in the bundle, and a
 * path relative to the project, for example into node_modules. They are part of the step's code: another content is
 * another digest.
 */
async function declaredAssets(step: string, entry: string, root: string): Promise<Pick<Packed, 'assets' | 'inputs'>> {
  const list = join(dirname(entry), 'assets.json');
  // Named even where there is none, so that a new one is noticed.
  const inputs = [relative(root, list)];
  const paths = existsSync(list) ? (JSON.parse(await readFile(list, 'utf8')) as Readonly<Record<string, string>>) : {};
  const assets: { name: string; bytes: Uint8Array }[] = [];
  for (const [name, path] of Object.entries(paths)) {
    inputs.push(path);
    const bytes = await readFile(join(root, path)).catch((cause: unknown) => Promise.reject(missingAsset(step, path, cause)));
    assets.push({ name, bytes });
  }
  return { assets, inputs };
}

function missingAsset(step: string, path: string, cause: unknown): PipewrightError {
  return new PipewrightError(
    { code: 'PW306', message: `The step "${step}" cannot be packed: ${path}, which its assets.json names, cannot be read.`, fix: path.startsWith('node_modules/') ? 'Install the packages: npm ci.' : 'Correct the path; it is relative to the project.' },
    { cause },
  );
}

/** The folder appears in one step; of two processes that make the same one, either may win. */
async function publish(bundle: Bundle, packed: Packed): Promise<void> {
  const temporary = `${bundle.folder}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(temporary, { recursive: true });
  await writeFile(join(temporary, 'main.mjs'), packed.main);
  await writeFile(join(temporary, 'main.mjs.map'), packed.map);
  for (const { name, bytes } of packed.assets) await writeFile(join(temporary, name), bytes);
  await rename(temporary, bundle.folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') {
      // The folder is named by its content, so another one there is the same, unless someone damaged it.
      if (!existsSync(bundle.main)) await cp(temporary, bundle.folder, { recursive: true });
      await rm(temporary, { recursive: true, force: true });
      return;
    }
    throw error;
  });
}

/** The nearest folder above with a package.json: paths in a bundle are relative to it. */
function projectOf(entry: string): string {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return dirname(entry);
  }
}

/** What a project lists as optional is looked for when the step runs. */
async function externalsOf(root: string): Promise<readonly string[]> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}');
  const { optionalDependencies } = JSON.parse(text) as { readonly optionalDependencies?: Readonly<Record<string, string>> };
  return [...new Set([...NATIVE, ...Object.keys(optionalDependencies ?? {})])].sort();
}

function unpackable(step: string, cause: unknown): PipewrightError {
  const errors = (cause as { readonly errors?: readonly { readonly text: string; readonly location: { readonly file: string; readonly line: number } | null }[] }).errors ?? [];
  const first = errors[0];
  const where = first?.location ? `${first.location.file.split(sep).join('/')}:${first.location.line}: ` : '';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new PipewrightError(
    {
      code: 'PW306',
      message: `The step "${step}" cannot be packed: ${where}${first?.text ?? (cause as Error).message}${more}.`,
      fix: first?.text.startsWith('Could not resolve') ? 'Correct the import, or install the package.' : 'Correct the file; the type checker says more about it.',
    },
    { cause },
  );
}
