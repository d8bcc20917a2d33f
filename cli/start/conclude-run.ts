import type { Store } from '../../store/index.ts';
import type { Presenter } from '../present/presenter.ts';

interface Concluded {
  readonly id: string;
  /** The run's own folder. */
  readonly folder: string;
}

/** The summary and the report of a run that has ended: both tell of it, neither changes how it ended. */
export async function concludeRun({ id, folder }: Concluded, store: Store, presenter: Pick<Presenter, 'kind'>, options: { readonly folder: string; readonly report: boolean }): Promise<void> {
  if (!options.report && presenter.kind === 'ndjson') return;
  const { readRunDocument } = await import('../report/read-run.ts');
  const document = await readRunDocument(options.folder, id, store);
  let report: string | undefined;
  if (options.report) {
    const { writeReport } = await import('../report/write-report.ts');
    report = await writeReport(options.folder, document);
  }
  if (presenter.kind === 'ndjson') return;
  const { printSummary } = await import('../present/summary.ts');
  printSummary(document, { folder, report, listsSteps: presenter.kind === 'plain' });
}
