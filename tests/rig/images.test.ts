import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GenericContainer, getContainerRuntimeClient, Wait, type StartedTestContainer } from 'testcontainers';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES, type StepContract } from '../../dsl/contract/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import pipeline from '../../pipeline/pipeline.ts';
import { docker, importBase, whyNoEngine } from './base-image.ts';

const BASE = 'pipewright-test/images-base:1';
const LONG = 300_000;
/** What Kubernetes gives a container between SIGTERM and SIGKILL, in seconds. */
const GRACE = 30;

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`SKIPPED the seven images in containers: ${reason}`);

const imageOf = (name: string): string => `pipewright-test/${name}:images`;
const steps = Object.values(pipeline.steps);
const SERVING = {
  name: 'serving', image: 'pipewright/serving', program: { kind: 'module', entry: new URL('../../serving/main.ts', import.meta.url).href },
} as StepContract;

/** A container as a pod has it: nothing of its file system can be written but /tmp, no right can be gained, no network. */
function container(name: string, words: readonly string[], folder?: string): GenericContainer {
  const made = new GenericContainer(imageOf(name))
    .withCommand([...words])
    .withTmpFs({ '/tmp': 'rw' })
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    // Every test stops what it starts, so no further image is needed to tidy up.
    .withAutoCleanup(false);
  return folder === undefined ? made : made.withBindMounts([{ source: folder, target: '/pipewright', mode: 'rw' }]);
}

async function stateOf(id: string): Promise<{ ExitCode: number; OOMKilled: boolean; Running: boolean }> {
  const client = await getContainerRuntimeClient();
  return (await client.container.getById(id).inspect()).State;
}

async function logsOf(id: string): Promise<string> {
  const client = await getContainerRuntimeClient();
  return (await client.container.getById(id).logs({ stdout: true, stderr: true })).toString('utf8');
}

async function insideOf(started: StartedTestContainer, script: string): Promise<string> {
  return (await started.exec(['node', '-e', script])).stdout.trim();
}

/** Waits until the program has its own handler for SIGTERM (bit 14 of SigCgt, proc(5)). */
async function untilItListensToSignals(started: StartedTestContainer): Promise<void> {
  await expect
    .poll(async () => {
      const caught = await insideOf(started, `console.log(/SigCgt:\\s*([0-9a-f]+)/.exec(require('fs').readFileSync('/proc/1/status', 'utf8'))[1])`);
      return (BigInt(`0x${caught || '0'}`) >> 14n) & 1n;
    }, { timeout: 60_000, interval: 100 })
    .toBe(1n);
}

/** Loaded before the step: a file system that takes for ever to say what is there, as one behind a broken network does. */
const HOLD = `require('node:fs/promises').stat = require('node:fs/promises').mkdir = () => new Promise(() => setInterval(() => undefined, 1000));`;

/** Parameters that have no default. */
const GIVEN: Readonly<Record<string, string>> = { candidate: '{"architecture":"logistic","learningRate":0.01,"l2":0.01}' };

function wordsOf({ parameters, inputs, outputs, results }: StepContract): readonly string[] {
  return [
    ...Object.entries(GIVEN).flatMap(([name, text]) => (name in parameters ? ['--parameter', `${name}=${text}`] : [])),
    ...Object.keys(inputs).flatMap((input) => ['--input', `${input}=/pipewright/${input}`]),
    ...Object.keys(outputs).flatMap((output) => ['--output', `${output}=/pipewright/out/${output}`]),
    ...Object.keys(results).flatMap((result) => ['--result', `${result}=/pipewright/out/${result}`]),
  ];
}

describe.skipIf(reason !== undefined)('the seven images', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-images-'));
    chmodSync(folder, 0o777);
    const bundler = createBundler({ folder });
    importBase(BASE);
    for (const contract of [...steps, SERVING]) {
      const bundle = await bundler.bundle(contract);
      const place = contract === SERVING ? '../../serving/Dockerfile' : `../../steps/${contract.name}/Dockerfile`;
      docker(['build', '--quiet', '--tag', imageOf(contract.name), '--build-arg', `BASE=${BASE}`, '--file', fileURLToPath(new URL(place, import.meta.url)), bundle.folder]);
    }
    return async () => {
      docker(['rmi', '--force', ...[...steps, SERVING].map(({ name }) => imageOf(name)), BASE]);
      await rm(folder, { recursive: true, force: true });
    };
  }, LONG);

  describe.each(steps.map((contract) => [contract.name, contract] as const))('%s', (name, contract) => {
    it('refuses bad input with a sentence and the exit code that is never tried again', async () => {
      const started = await container(name, ['--parameter', 'nonsense=1', '--input', 'nothing=/absent']).withWaitStrategy(Wait.forLogMessage(/PW50\d/)).start();
      try {
        await expect.poll(() => stateOf(started.getId()), { timeout: 30_000 }).toMatchObject({ Running: false, ExitCode: EXIT_CODES.refused });
        const log = await logsOf(started.getId());
        expect(log).toMatch(/PW50\d: .*nonsense/);
        expect(log).toMatch(/→ /);
        expect(log).not.toMatch(/^\s+at .*:\d+:\d+/m);
      } finally {
        await started.stop();
      }
    });

    it('runs as somebody who is not root, and ends in time when it is told to', async () => {
      const place = join(folder, `${name}-held`);
      mkdirSync(place);
      writeFileSync(join(place, 'hold.cjs'), HOLD);
      const started = await container(name, wordsOf(contract), place).withEnvironment({ NODE_OPTIONS: '--require=/pipewright/hold.cjs' }).start();
      try {
        await untilItListensToSignals(started);
        await expect.poll(() => insideOf(started, 'console.log(process.getuid(), process.getgid())')).toBe('1000 1000');
        const before = performance.now();
        await started.stop({ timeout: GRACE * 1000, remove: false });
        expect(await stateOf(started.getId())).toMatchObject({ Running: false, OOMKilled: false, ExitCode: EXIT_CODES.terminated });
        // It ended by itself: after the grace it would have been killed, with exit code 137.
        expect(performance.now() - before).toBeLessThan(GRACE * 1000);
      } finally {
        docker(['rm', '--force', started.getId()]);
      }
    });
  });

  describe('serving', () => {
    it('refuses settings that are wrong with a sentence', async () => {
      const started = await container('serving', ['--port', 'ninety']).withWaitStrategy(Wait.forLogMessage(/ninety/)).start();
      try {
        await expect.poll(async () => (await stateOf(started.getId())).Running, { timeout: 30_000 }).toBe(false);
        expect((await stateOf(started.getId())).ExitCode).not.toBe(0);
        expect(await logsOf(started.getId())).not.toMatch(/^\s+at .*:\d+:\d+/m);
      } finally {
        await started.stop();
      }
    });

    it('starts without a model, says that it is not ready, runs as somebody who is not root, and drains when it is told to', async () => {
      const place = join(folder, 'empty-store');
      mkdirSync(place);
      chmodSync(place, 0o777);
      const started = await container('serving', ['--store', '/pipewright', '--model', 'stock-direction'], place)
        .withExposedPorts(8080)
        .withWaitStrategy(Wait.forHttp('/v2/health/live', 8080))
        .start();
      try {
        const address = `http://${started.getHost()}:${started.getMappedPort(8080)}`;
        expect((await fetch(`${address}/v2/health/live`)).status).toBe(200);
        expect((await fetch(`${address}/v2/health/ready`)).status).toBe(503);
        await expect.poll(() => insideOf(started, 'console.log(process.getuid(), process.getgid())')).toBe('65532 65532');
        await started.stop({ timeout: GRACE * 1000, remove: false });
        expect(await stateOf(started.getId())).toMatchObject({ Running: false, ExitCode: 0 });
      } finally {
        docker(['rm', '--force', started.getId()]);
      }
    });
  });
});
