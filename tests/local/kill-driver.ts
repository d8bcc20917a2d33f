import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createBundler, createProcessExecutor, runPipeline } from '../../dsl/local/index.ts';
import { openDirectoryStore } from '../../store/index.ts';

/** Runs the pipeline in `pipeline.json` beside this file, in the folder that it is given; its parent kills it. */
const root = process.argv[2]!;
const pipeline = JSON.parse(readFileSync(join(import.meta.dirname, 'pipeline.json'), 'utf8')) as CheckedPipeline;
const folder = join(root, '.pipewright');
const bundler = createBundler({ folder });
const store = await openDirectoryStore(join(root, 'store'));
const executor = createProcessExecutor(bundler);
console.log('ready');
const { status } = await runPipeline(pipeline, { folder, store, executor, code: bundler.codeOf, maximumParallel: 2 });
console.log(status);
