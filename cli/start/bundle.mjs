/*
 * Packs a TypeScript file and all that it imports of this project into JavaScript, and keeps the result until one of the
 * sources changes. The command line starts itself this way (a loader that translates each of 200 files takes 0.4 s, the
 * packed program 0.1 s), and pipeline files are loaded this way (a mistake is reported with its line before anything runs).
 * Plain JavaScript, because it runs before anything can be translated.
 */
import { createHash, randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Bumped when the same sources give another result because of this file. */
const VERSION = 1;
const A_DAY_MS = 86_400_000;

/** Packages in CommonJS expect `require`, and an ES module has none. */
const BANNER = "import { createRequire as pipewrightRequire } from 'node:module';\nconst require = pipewrightRequire(import.meta.url);";

const SOURCE_URL = 'pipewrightSourceUrl';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Below node_modules, where every tool keeps such things. */
export const CACHE = join(PROJECT, 'node_modules', '.cache', 'pipewright');

/**
 * The path of the packed program. Throws esbuild's `BuildFailure`, whose `errors` have file, line and text.
 * @param {string} entry absolute path
 * @param {{ folder?: string, isSplit?: boolean, packages?: readonly string[] }} [options]
 */
export async function bundleOnce(entry, { folder = CACHE, isSplit = false, packages = [] } = {}) {
  const name = `${entry.split(/[\\/]/).at(-1).replace(/\W+/g, '-')}-${hash(entry).slice(0, 12)}`;
  const fresh = freshBundle(join(folder, name));
  if (fresh !== undefined) return fresh;
  if (isOurs(folder)) return makeBundle(entry, join(folder, name), isSplit, packages);
  // Installed by another user, or in an image that is only read.
  const home = join(temporaryCache(), name);
  return freshBundle(home) ?? (await makeBundle(entry, home, isSplit, packages));
}

/** @param {string} folder */
function isOurs(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Programs are run from there, so it must be a folder that nobody else could have put something into. */
function temporaryCache() {
  const folder = join(tmpdir(), `pipewright-${process.getuid?.() ?? 'cache'}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  const isSafe = found.isDirectory() && (process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0));
  return isSafe ? folder : mkdtempSync(`${folder}-`);
}

/** @param {string} home */
function freshBundle(home) {
  try {
    const stamp = JSON.parse(readFileSync(join(home, 'stamp.json'), 'utf8'));
    if (stamp.version !== VERSION) return undefined;
    for (const [path, digest] of stamp.inputs) if (hash(readFileSync(resolve(home, path))) !== digest) return undefined;
    const main = join(home, stamp.main);
    return existsSync(main) ? main : undefined;
  } catch {
    return undefined;
  }
}

async function makeBundle(entry, home, isSplit, packages) {
  const { build } = await import('esbuild');
  const name = `build-${randomBytes(6).toString('hex')}`;
  const result = await build({
    absWorkingDir: dirname(entry),
    entryPoints: { main: entry },
    outdir: join(home, name),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: isSplit,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    banner: { js: BANNER },
    plugins: [leavePackages(packages), keepLocations()],
  });
  const inputs = Object.keys(result.metafile.inputs)
    .map((path) => resolve(dirname(entry), path))
    .filter((path) => existsSync(path))
    .map((path) => [relative(home, path), hash(readFileSync(path))]);
  return publish(home, name, result.outputFiles, { version: VERSION, inputs, main: join(name, 'main.mjs') });
}

/** A reader finds the old program or the new one, whoever else is packing: each has a folder of its own, the stamp decides. */
function publish(home, name, files, stamp) {
  for (const { path, contents } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  const temporary = join(home, `${name}.tmp`);
  writeFileSync(temporary, JSON.stringify(stamp));
  renameSync(temporary, join(home, 'stamp.json'));
  // A run of some hours may still load parts of an older program.
  removeOlder(home, A_DAY_MS);
  // Pipelines that are gone, or were moved. What is still wanted is packed again.
  removeOlder(dirname(home), 30 * A_DAY_MS);
  return join(home, stamp.main);
}

function removeOlder(folder, age) {
  for (const name of readdirSync(folder)) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < Date.now() - age) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Packages stay where they are, named by their absolute address: the packed program lies elsewhere. Those in `packed` are packed. */
function leavePackages(packed) {
  const seen = Symbol('seen');
  return {
    name: 'leave-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === seen || kind === 'entry-point' || packed.includes(path) || /^[A-Za-z]:\\/.test(path)) return undefined;
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: seen });
        if (found.errors.length > 0 || found.external || /\.(ts|mts|json)$/.test(found.path)) return found;
        return { path: kind === 'require-call' ? found.path : pathToFileURL(found.path).href, external: true };
      });
    },
  };
}

/**
 * `import.meta.url` means the source, not the packed program: steps find their own files by it. esbuild puts a name in its
 * place, and each file says what the name means there. On its first line, so that lines keep their numbers.
 */
function keepLocations() {
  return {
    name: 'keep-locations',
    setup(build) {
      build.initialOptions.define = { ...build.initialOptions.define, 'import.meta.url': SOURCE_URL };
      build.onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (!source.includes('import.meta.url')) return undefined;
        return { contents: `const ${SOURCE_URL} = ${JSON.stringify(pathToFileURL(path).href)};${source}`, loader: extname(path).endsWith('ts') ? 'ts' : 'js' };
      });
    },
  };
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
