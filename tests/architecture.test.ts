import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/*
 * Who may import whom: down only, what is absent is not allowed. Each room stands beside the rooms that it may use;
 * every room may use itself. `dsl/ir and below` is spelled out, so that the table can be read without the others.
 */
const BELOW_IR = ['dsl/ir', 'dsl/contract', 'dsl/errors', 'dsl/util'];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'dsl/util': [],
  'dsl/errors': ['dsl/util'],
  'dsl/contract': ['dsl/errors', 'dsl/util'],
  'dsl/ir': BELOW_IR,
  'dsl/build': BELOW_IR,
  'dsl/check': BELOW_IR,
  'dsl/argo': BELOW_IR,
  'dsl/local': [...BELOW_IR, 'store'],
  'dsl/index.ts': ['dsl'],
  model: ['dsl/util'],
  store: ['dsl/util', 'dsl/errors'],
  registry: ['store', 'model', 'dsl/util', 'dsl/errors'],
  'steps/runtime': ['dsl/contract', 'store', 'dsl/errors', 'dsl/util'],
  // The proof of a model is a real server, which is this step's own program with the word `serve`.
  'steps/deploy': ['steps/runtime', 'dsl/contract', 'dsl/errors', 'dsl/util', 'model', 'registry', 'store', 'serving'],
  'steps/*': ['steps/runtime', 'dsl/contract', 'dsl/errors', 'dsl/util', 'model', 'registry', 'store'],
  serving: ['model', 'registry', 'store', 'dsl/errors', 'dsl/util'],
  pipeline: ['dsl/index.ts', 'steps/*/contract.ts'],
  examples: ['dsl/index.ts'],
  // The canary walks the whole path by the functions of the steps themselves.
  'cli/canary': ['dsl', 'store', 'model', 'steps'],
  // A backtest trains as the step train does, and is tested as the step evaluate tests.
  'cli/backtest': ['cli', 'dsl', 'store', 'model', 'steps'],
  cli: ['cli/backtest', 'cli/canary', 'dsl', 'store', 'registry', 'model', 'steps/*/contract.ts', 'steps/runtime', 'serving', 'pipeline'],
};

interface Import { readonly from: string; readonly to: string }

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Static and dynamic imports and re-exports of our own files; paths are relative to the root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) => ({
    from: file, to: posix.normalize(posix.join(dirname(file), match[1]!)),
  }));
}

/** The row of the table that a file belongs to. */
function roomOf(file: string): string | undefined {
  if (file in ALLOWED) return file;
  const [first, second] = file.split('/');
  if (`${first}/${second}` in ALLOWED) return `${first}/${second}`;
  if (first === 'steps') return 'steps/*';
  return first! in ALLOWED ? first : undefined;
}

function isAllowed({ from, to }: Import): boolean {
  const room = roomOf(from)!;
  if (room === 'steps/*') {
    const own = from.split('/').slice(0, 2).join('/');
    if (to.startsWith(`${own}/`)) return true;
  } else if (to === room || to.startsWith(`${room}/`)) return true;
  return ALLOWED[room]!.some((target) => {
    if (target === 'steps/*/contract.ts') return /^steps\/[^/]+\/contract\.ts$/.test(to);
    return to === target || to.startsWith(`${target}/`);
  });
}

const rooms = ['dsl', 'store', 'registry', 'model', 'steps', 'serving', 'pipeline', 'examples', 'cli'];
const imports = rooms.flatMap(sourcesIn).flatMap(importsOf);

describe('architecture', () => {
  it('knows the room of every source file', () => {
    expect(rooms.flatMap(sourcesIn).filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('imports down only, as the table says', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('would notice a wrong import', () => {
    expect(isAllowed({ from: 'model/bars.ts', to: 'store/store.ts' })).toBe(false);
    expect(isAllowed({ from: 'steps/train/run.ts', to: 'steps/evaluate/contract.ts' })).toBe(false);
    expect(isAllowed({ from: 'dsl/argo/index.ts', to: 'dsl/local/run.ts' })).toBe(false);
    expect(isAllowed({ from: 'pipeline/pipeline.ts', to: 'steps/train/run.ts' })).toBe(false);
    expect(isAllowed({ from: 'steps/train/run.ts', to: 'model/bars.ts' })).toBe(true);
  });

  it('lets only dsl/argo/yaml.ts print YAML', () => {
    const users = rooms.flatMap(sourcesIn).filter((file) => /from ['"]yaml['"]|import\(['"]yaml['"]\)/.test(readFileSync(join(root, file), 'utf8')));
    // kind's own configuration is read for the cluster's name. A rules document is written by people: the step that heeds it reads YAML, as does the command line for a parameter, and prints none.
    const readers = ['cli/cluster/kind-cluster.ts', 'cli/load/parameters.ts', 'steps/validate/read-rules.ts'];
    expect(users.filter((file) => file !== 'dsl/argo/yaml.ts' && !readers.includes(file))).toEqual([]);
    for (const file of readers) expect(readFileSync(join(root, file), 'utf8')).not.toMatch(/import \{[^}]*\b(?:stringify|(?<!type )Document)\b[^}]*\} from 'yaml'|document\.toString\(/);
  });

  it('keeps files small enough to read at one sitting', () => {
    const long = rooms.flatMap(sourcesIn).map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }));
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });
});
