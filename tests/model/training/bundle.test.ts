import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

/*
 * A step runs from one bundled file, in an image that has no node_modules. TensorFlow.js registers its kernels and
 * gradients as side effects of imports, which a bundler may drop, and looks for its .wasm files beside itself.
 */

const model = join(import.meta.dirname, '../../../model');
const wasmFiles = join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-backend-wasm/dist');

/** What the CommonJS packages inside an ESM bundle need. */
const banner = `import { createRequire as bundleRequire } from 'node:module';
import { dirname as bundleDirname } from 'node:path';
import { fileURLToPath as bundlePath } from 'node:url';
const require = bundleRequire(import.meta.url);
const __filename = bundlePath(import.meta.url);
const __dirname = bundleDirname(__filename);`;

const program = `
import { explainBackend, loadBackend, trainModel } from ${JSON.stringify(join(model, 'training/index.ts'))};
const backend = await loadBackend(JSON.parse(process.argv[2]), { wasmPath: process.argv[3] });
const x = { names: ['a'], rows: 40, values: Float64Array.from({ length: 40 }, (_, at) => at / 20 - 1) };
const rows = { x, y: x.values.map((value) => (value > 0 ? 1 : 0)) };
const settings = { architecture: 'neural-network', hiddenLayers: [4], activation: 'tanh', dropout: 0.1, l2: 0.001, learningRate: 0.05, batchSize: 8, maxEpochs: 20, patience: 20, classWeighting: 'balanced', target: 'direction', loss: 'log', calibration: 'none', members: 1, seed: 1 };
const { members } = await trainModel({ backend: async () => backend, training: rows, validation: rows, settings });
console.log(JSON.stringify({ name: backend.name, explained: explainBackend(backend), accuracy: members[0].history.at(-1).validationAccuracy }));
`;

let folder: string;
const run = (at: string, ...argv: string[]) =>
  JSON.parse(execFileSync(process.execPath, ['step.mjs', ...argv], { cwd: join(folder, at), encoding: 'utf8' })) as { name: string; explained: string; accuracy: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, program);
  for (const name of ['with', 'without', 'files']) mkdirSync(join(folder, name));
  await build({ entryPoints: [entry], outfile: join(folder, 'with/step.mjs'), bundle: true, platform: 'node', format: 'esm', minify: true, banner: { js: banner }, logLevel: 'silent' });
  copyFileSync(join(folder, 'with/step.mjs'), join(folder, 'without/step.mjs'));
  for (const file of readdirSync(wasmFiles).filter((name) => name.endsWith('.wasm'))) {
    for (const place of ['with', 'files']) copyFileSync(join(wasmFiles, file), join(folder, place, file));
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a bundle with the .wasm files beside it trains on wasm', () => {
  const answer = run('with', '["tensorflow","wasm","cpu"]');
  expect(answer.explained).toBe('TensorFlow.js 4.22.0 computes on wasm 4.22.0, not tensorflow: @tensorflow/tfjs-node is not installed.');
  expect(answer.accuracy).toBeGreaterThan(0.9);
});

test('the files may be elsewhere', () => {
  expect(run('without', '["wasm","cpu"]', join(folder, 'files')).name).toBe('wasm');
});

test('without the files it trains on cpu and says why', () => {
  const answer = run('without', '["wasm","cpu"]');
  expect(answer.explained).toMatch(/^TensorFlow\.js 4\.22\.0 computes on cpu 4\.22\.0, not wasm: its files could not be loaded: ENOENT: /);
  expect(answer.accuracy).toBeGreaterThan(0.9);
});
