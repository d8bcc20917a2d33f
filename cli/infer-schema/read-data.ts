import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROTOCOL_VARIABLE, readMessage } from '../../dsl/contract/index.ts';
import { PipewrightError, type ErrorCode, type Issue } from '../../dsl/errors/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import { prepareSource } from '../../pipeline/prepare-source.ts';
import { ingest } from '../../steps/ingest/contract.ts';
import { readTable, type DatasetTable } from '../../steps/runtime/dataset-table.ts';
import { chooseVersion, findVersions } from '../data/versions.ts';
import { readStoredTable } from '../data/read-table.ts';
import { locationOfStore, openStoreOf, type PlaceOptions } from '../options.ts';
import { inScratchFolder } from '../start/scratch-folder.ts';
import type { StopSignals } from '../start/stop-signals.ts';

/** An Arrow IPC file begins so, https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format. */
const ARROW = 'ARROW1';

/** Its place in the packed command line is not where its program is. */
const INGEST = { ...ingest.contract, program: { kind: 'module', entry: new URL('../../steps/ingest/main.ts', import.meta.url).href } } as const;

/** Data and what it is, as in "Drafted from …". */
export interface ReadData {
  readonly name: string;
  readonly table: DatasetTable;
}

/** Reads a dataset file, a version of the data, or whatever the step ingest reads, by its own program. Throws what these say. */
export async function readData(wanted: string, symbol: string, options: PlaceOptions): Promise<ReadData> {
  if (await isArrow(wanted)) return { name: wanted, table: await readTable(wanted) };
  if (/^(latest|previous|(sha256:)?[0-9a-f]{4,64})$/.test(wanted)) {
    const store = await openStoreOf(options);
    const { manifest } = chooseVersion(await findVersions(options.folder, store), wanted);
    return { name: `${manifest.source}, version ${manifest.dataset}`, table: await readStoredTable(store, manifest.dataset) };
  }
  return { name: wanted, table: await ingestTable(wanted, symbol, options) };
}

async function isArrow(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(ARROW.length), 0, ARROW.length, 0);
    return buffer.toString('latin1') === ARROW;
  } catch {
    // No file of this name, or none that may be read: ingest says what it is.
    return false;
  }
}

async function ingestTable(source: string, symbol: string, options: PlaceOptions): Promise<DatasetTable> {
  const store = await openStoreOf(options);
  const parameters = await prepareSource({ source, symbol }, { holds: async (digest) => (await store.statObject(digest as never)) !== undefined, today: () => new Date() });
  const { main } = await createBundler({ folder: options.folder }).bundle(INGEST);
  return inScratchFolder('ingest', async (folder, stop) => {
    const place = (flag: string, names: readonly string[]): string[] => names.flatMap((name) => [flag, `${name}=${join(folder, name)}`]);
    const words = [
      ...Object.entries(parameters).flatMap(([name, value]) => ['--parameter', `${name}=${String(value)}`]),
      ...place('--output', Object.keys(ingest.contract.outputs)), ...place('--result', Object.keys(ingest.contract.results)),
    ];
    await runProgram(main, words, { ...process.env, PIPEWRIGHT_STORE: locationOfStore(options), [PROTOCOL_VARIABLE]: 'lines' }, stop);
    return readTable(join(folder, 'prices'));
  });
}

/** Throws what the program says of its failure. It is ended as this one is. */
async function runProgram(main: string, words: readonly string[], environment: NodeJS.ProcessEnv, { signal, terminate }: Pick<StopSignals, 'signal' | 'terminate'>): Promise<void> {
  const issues: Issue[] = [];
  const lines: string[] = [];
  const child = spawn(process.execPath, [main, ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  terminate.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  if (signal.aborted) child.kill('SIGTERM');
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const message = readMessage(line);
      if (message?.type === 'failure') issues.push({ code: message.code as ErrorCode, message: message.message, fix: message.fix });
      else lines.push(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code === 0) return;
  if (issues.length > 0) throw new PipewrightError(issues);
  throw new PipewrightError({ code: 'PW301', message: `The data could not be read: ingest ended with ${code ?? 'a signal'}${lines.length === 0 ? '' : `; its last words were "${lines.at(-1)!}"`}.`, fix: 'Run a pipeline with this source: its log says more.' });
}
