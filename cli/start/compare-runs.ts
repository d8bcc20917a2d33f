import { findRun } from '../load/find-run.ts';
import { openStoreOf, type PlaceOptions } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows, oneLine } from '../present/text.ts';
import { readRunDocument } from '../report/read-run.ts';
import { formatTime } from '../words/numbers.ts';
import { describeStanding } from '../words/status.ts';
import { compareRuns, type Difference } from './run-differences.ts';

/** The verb `runs compare`. */
export async function compareTwoRuns(before: string, after: string, options: PlaceOptions): Promise<void> {
  const store = await openStoreOf(options);
  const [first, second] = [await findRun(options.folder, before), await findRun(options.folder, after)];
  const documents = [await readRunDocument(options.folder, first.id, store), await readRunDocument(options.folder, second.id, store)] as const;
  const paint = createPaint(process.stdout);
  const head = alignRows([first, second].map((run, index) => [index === 0 ? 'before' : 'after', run.id, run.pipeline, describeStanding(run.status), formatTime(run.startedAt)]));
  const differences = compareRuns(...documents);
  const kinds = [...new Set(differences.map((difference) => difference.kind))];
  const sections = kinds.map((kind) => {
    const rows = differences.filter((difference) => difference.kind === kind).map(({ name, before: old, after: now, note }: Difference) => [name, oneLine(old), '→', oneLine(now), note]);
    return `${paint('bold', kind)}\n${alignRows(rows).map((line) => `  ${line}`).join('\n')}`;
  });
  process.stdout.write(`${head.join('\n')}\n\n${sections.length === 0 ? 'Nothing differs: parameters, code, results, figures and artifacts are the same.' : sections.join('\n\n')}\n`);
}
