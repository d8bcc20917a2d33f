import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createBundler, createDockerExecutor, createProcessExecutor, runPipeline } from '../../dsl/local/index.ts';
import { openDirectoryStore } from '../../store/index.ts';

/** Runs a pipeline until its parent kills it. Arguments: a folder, the pipeline's file, the executor. */
const [root, file, executorName] = process.argv.slice(2) as [string, string, string];
const pipeline = JSON.parse(readFileSync(file, 'utf8')) as CheckedPipeline;
const folder = join(root, '.pipewright');
const bundler = createBundler({ folder });
const store = await openDirectoryStore(join(root, 'store'));
const executor = executorName === 'docker' ? createDockerExecutor(bundler) : createProcessExecutor(bundler);
console.log('ready');
const { status } = await runPipeline(pipeline, { folder, store, executor, code: bundler.codeOf, maximumParallel: 2 });
console.log(status);
