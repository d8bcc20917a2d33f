import { PipewrightError } from '../../dsl/errors/index.ts';
import { latestRun, readRun, type FoundRun } from '../../dsl/local/index.ts';

/** Finds a run by its identifier or by one of the words in run-words.ts. PW903 when there is none. */
export async function findRun(folder: string, wanted: string, pipeline?: string): Promise<FoundRun> {
  if (wanted !== 'latest' && wanted !== 'previous') return readRun(folder, wanted);
  const id = await latestRun(folder, pipeline);
  if (id === undefined) {
    throw new PipewrightError({
      code: 'PW903',
      message: pipeline === undefined ? `Nothing has run in ${folder} yet.` : `The pipeline "${pipeline}" has not run in ${folder} yet.`,
      fix: 'Run a pipeline first: pipewright run pipeline.ts. Or name another folder with --folder.',
    });
  }
  const latest = await readRun(folder, id);
  if (wanted === 'latest') return latest;
  if (latest.previous !== undefined) return readRun(folder, latest.previous);
  throw new PipewrightError({ code: 'PW903', message: `The run ${latest.id} is the first of ${latest.pipeline}: there is none before it.`, fix: 'Run the pipeline again, then compare.' });
}
