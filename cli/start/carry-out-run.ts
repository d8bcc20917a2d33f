import {
  createBundler, createDockerExecutor, createInlineExecutor, createProcessExecutor, runPipeline, type Bundler, type Executor, type RunEvent, type RunOutcome,
} from '../../dsl/local/index.ts';
import type { StepContract } from '../../dsl/contract/index.ts';
import { digestOfJson, type Digest } from '../../dsl/util/index.ts';
import { EXIT } from '../errors.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { loadPipelineFile } from '../load/load-pipeline.ts';
import { readParameters } from '../load/parameters.ts';
import { locationOfStore, openStoreOf } from '../options.ts';
import { choosePresenter } from '../present/presenter.ts';
import type { RunVerbOptions } from '../run.ts';
import { concludeRun } from './conclude-run.ts';
import { prepareRun } from './prepare-run.ts';
import { listenForStop } from './stop-signals.ts';

/** The verb `run`: loads, checks, runs, tells, writes the report. Returns the exit code. */
export async function carryOutRun(file: string, options: RunVerbOptions): Promise<number> {
  const mlflow = options.mlflow === undefined ? undefined : (await import('../mlflow/settings.ts')).readMlflowSettings(options.mlflow, process.env);
  const { pipeline: loaded, exported } = await loadPipelineFile(file);
  const pipeline = demandChecked(loaded);
  const given = await readParameters(pipeline, options);
  const store = await openStoreOf(options);
  const bundler = onceForEachStep(createBundler({ folder: options.folder }));
  const parameters = await prepareRun(exported, pipeline, given, { folder: options.folder, store, codeOf: (contract) => bundler.codeOf(contract) });
  const executor = await createExecutor(options.executor, bundler);
  const presenter = await choosePresenter(pipeline, options.output);
  const stop = listenForStop(presenter);
  let outcome: RunOutcome;
  try {
    outcome = await runPipeline(pipeline, {
      parameters,
      folder: options.folder,
      store,
      executor,
      code: (contract) => codeUnder(options.executor, contract, bundler),
      environment: { ...process.env, PIPEWRIGHT_STORE: locationOfStore(options) },
      signal: stop.signal,
      terminate: stop.terminate,
      onEvent: (event: RunEvent) => presenter.onEvent(event),
      cache: options.cache,
      keep: options.keep,
      ...(options.parallel === undefined ? {} : { maximumParallel: options.parallel }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    });
  } finally {
    stop.forget();
    presenter.close();
  }
  await concludeRun(outcome, store, presenter, options);
  if (mlflow !== undefined) await (await import('../mlflow/after-run.ts')).exportAfterRun(outcome.id, { folder: options.folder, store, settings: mlflow });
  if (outcome.status === 'Succeeded') return EXIT.good;
  return outcome.status === 'Cancelled' ? EXIT.cancelled : EXIT.failed;
}

/** Packs each step once in a run: what is started is what its fingerprint says, although its author goes on editing. */
function onceForEachStep(bundler: Bundler): Bundler {
  const packed = new Map<StepContract, ReturnType<Bundler['bundle']>>();
  const bundle: Bundler['bundle'] = (contract) => {
    const known = packed.get(contract) ?? bundler.bundle(contract);
    packed.set(contract, known);
    return known;
  };
  return { bundle, codeOf: async (contract) => (contract.program.kind === 'module' ? (await bundle(contract)).digest : bundler.codeOf(contract)) };
}

/** A container step that runs without its image runs another program: what this machine has under that name. */
async function codeUnder(executor: RunVerbOptions['executor'], contract: StepContract, bundler: Bundler): Promise<Digest> {
  const code = await bundler.codeOf(contract);
  return contract.program.kind === 'command' && executor !== 'docker' ? digestOfJson({ code, runtime: 'host' }) : code;
}

async function createExecutor(name: RunVerbOptions['executor'], bundler: Bundler): Promise<Executor> {
  const bundle: Bundler['bundle'] = (contract) => bundler.bundle(contract);
  switch (name) {
    case 'process':
      return createProcessExecutor({ bundle });
    case 'docker':
      return createDockerExecutor({ bundle });
    case 'inline': {
      // Steps are imported into this process as they are, so somebody has to translate them.
      const { register } = await import('tsx/esm/api');
      register();
      return createInlineExecutor({ commands: createProcessExecutor({ bundle }) });
    }
  }
}
