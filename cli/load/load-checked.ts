import { demandChecked } from '../../dsl/check/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { loadPipeline } from './load-pipeline.ts';

/** Loads a pipeline and throws everything that is wrong with it at once. */
export async function loadChecked(file: string): Promise<CheckedPipeline> {
  return demandChecked(await loadPipeline(file));
}
