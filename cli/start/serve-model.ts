import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listed } from '../../dsl/util/index.ts';
import { decodeModel, MODEL_FILES } from '../../model/document/index.ts';
import { openRegistry, readModelFiles } from '../../registry/index.ts';
import { serve } from '../../serving/index.ts';
import type { Store } from '../../store/index.ts';
import { EXIT } from '../errors.ts';
import { openStoreOf } from '../options.ts';
import type { ServeVerbOptions } from '../serve.ts';

/** What sysexits.h calls EX_USAGE, and the server answers for wrong settings. */
const SERVER_USAGE = 64;
const READY_POLL_MS = 100;

/** The verb `serve`: chooses the model, starts the server, and shows how to ask it. */
export async function serveModel(options: ServeVerbOptions): Promise<number> {
  const { modelFolder, host, port, poll, accessLog } = options;
  const store = modelFolder === undefined ? await openStoreOf(options) : undefined;
  const model = options.model ?? (store === undefined ? undefined : await onlyModel(store));
  const words = [
    ...(modelFolder === undefined ? ['--store', options.store ?? join(options.folder, 'store')] : ['--folder', modelFolder]),
    ...(model === undefined ? [] : ['--model', model]),
    ...(options.alias === undefined ? [] : ['--alias', options.alias]),
    '--host', host, '--port', port, '--poll', poll, '--access-log', accessLog ? 'on' : 'off',
  ];
  const readFiles = modelFolder === undefined ? () => filesOfVersion(store!, model!.split(',')[0]!, options.alias ?? 'production') : () => filesOfFolder(modelFolder);
  const stdout = {
    write: (text: string): boolean => {
      const url = /^Listening on (\S+)/.exec(text)?.[1];
      if (url !== undefined) void showExamples(url, model?.split(',')[0], readFiles);
      return process.stdout.write(text);
    },
  };
  const code = await serve({ argv: words, environment: process.env, stdout, stderr: process.stderr });
  return code === SERVER_USAGE ? EXIT.misused : code;
}

async function onlyModel(store: Store): Promise<string> {
  const models = await openRegistry(store).listModels();
  if (models.length === 1) return models[0]!;
  throw new PipewrightError(
    models.length === 0
      ? { code: 'PW602', message: `No model is registered in ${store.description}.`, fix: 'Run the pipeline that trains one first: npm start. Or serve a folder with --model-folder.' }
      : { code: 'PW901', message: `There are ${models.length} models: ${listed(models)}.`, fix: 'Say which one with --model.' },
  );
}

/** Waits for the model, however long, and prints requests that it answers. What is wrong with a model the server says itself. */
async function showExamples(url: string, model: string | undefined, readFiles: () => Promise<Readonly<Record<string, Uint8Array>>>): Promise<void> {
  try {
    while (!(await fetch(`${url}/v2/health/ready`)).ok) await delay(READY_POLL_MS, undefined, { ref: false });
    process.stdout.write(exampleRequests(url, model, await readFiles()));
  } catch {
    // The server is gone, or the model with it.
  }
}

/** Two requests that a shell takes as they are, with the first row that the model was proved with and the answer to expect. */
function exampleRequests(url: string, name: string | undefined, files: Readonly<Record<string, Uint8Array>>): string {
  const { document } = decodeModel(files);
  const { row, probability } = document.golden[0]!;
  const model = name ?? document.name;
  const v2 = JSON.stringify({ inputs: [{ name: 'features', shape: [1, row.length], datatype: 'FP64', data: row }] });
  const v1 = JSON.stringify({ instances: [row] });
  return [
    '',
    `Ask it with the Open Inference Protocol (V2); the answer is ${probability.toFixed(6)}:`,
    '',
    `  curl -s ${url}/v2/models/${model}/infer -H 'content-type: application/json' -d '${v2}'`,
    '',
    'or with V1, which also takes {"instances": [{"bars": [{date, open, high, low, close, volume}, …]}]}:',
    '',
    `  curl -s ${url}/v1/models/${model}:predict -H 'content-type: application/json' -d '${v1}'`,
    '',
    '',
  ].join('\n');
}

async function filesOfVersion(store: Store, name: string, alias: string): Promise<Record<string, Uint8Array>> {
  const registry = openRegistry(store);
  const { artifact } = await registry.readVersion(name, await registry.resolveAlias(name, alias));
  return readModelFiles(store, artifact.digest);
}

async function filesOfFolder(folder: string): Promise<Record<string, Uint8Array>> {
  return Object.fromEntries(await Promise.all(MODEL_FILES.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
