import { readRun } from '../../dsl/local/index.ts';
import type { Store } from '../../store/index.ts';
import { issuesOf, printIssues } from '../errors.ts';
import { exportThese } from './export-runs.ts';
import type { MlflowSettings } from './settings.ts';
import { PATIENCE } from './transport.ts';

/** `run --mlflow`: the run is what it is, so an export that fails is told of and changes nothing else. */
export async function exportAfterRun(id: string, { folder, store, settings }: { readonly folder: string; readonly store: Store; readonly settings: MlflowSettings }): Promise<void> {
  // Standard output may be read as events by another program.
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    await exportThese([await readRun(folder, id)], { folder, store, settings, datasets: false, registry: true, again: false, attempts: PATIENCE.attempts, tell });
  } catch (error) {
    const issues = issuesOf(error);
    if (issues === undefined) throw error;
    printIssues(issues.map((issue) => ({ ...issue, fix: `The run is kept: pipewright mlflow export ${id} tries again. ${issue.fix}` })));
  }
}
