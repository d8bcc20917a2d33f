import { PipewrightError } from '../../dsl/errors/index.ts';
import { readPipeline, readTask, readTasks } from '../../dsl/local/index.ts';
import { closest, listed } from '../../dsl/util/index.ts';
import { getArtifact } from '../../store/index.ts';
import { nearbyPath } from '../errors.ts';
import { findRun } from '../load/find-run.ts';
import { openStoreOf, type PlaceOptions } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows } from '../present/text.ts';
import { counted, formatBytes } from '../words/numbers.ts';
import { shortDigest } from '../words/values.ts';

/** The verb `artifacts list`. */
export async function listArtifacts(wanted: string, folder: string): Promise<void> {
  const run = await findRun(folder, wanted);
  const pipeline = await readPipeline(folder, run.id);
  const paint = createPaint(process.stdout);
  const order = new Map(run.tasks.map((task, index) => [task.task, index]));
  const tasks = [...(await readTasks(folder, run.id))].sort((a, b) => (order.get(a.task) ?? 0) - (order.get(b.task) ?? 0));
  const rows = tasks.flatMap((task) =>
    Object.entries(task.outputs).map(([output, reference]) => [
      `${task.task}/${output}`,
      pipeline?.steps[task.step]?.outputs[output]?.artifact.kind ?? reference.type,
      formatBytes(reference.size),
      reference.files === undefined ? '' : counted(reference.files, 'file'),
      shortDigest(reference.digest),
      task.cached ? 'cached' : '',
    ]),
  );
  process.stdout.write(`${paint('bold', run.pipeline)}  run ${run.id}\n\n${rows.length === 0 ? 'No step of this run wrote an artifact.' : alignRows(rows, new Set([2])).join('\n')}\n`);
}

/** The verb `artifacts get`. */
export async function copyArtifact(name: string, options: PlaceOptions & { readonly to: string }): Promise<void> {
  const [wanted, taskName, output, ...rest] = name.split('/');
  if (!wanted || !taskName || !output || rest.length > 0) {
    throw new PipewrightError({ code: 'PW901', message: `"${name}" does not name an artifact.`, fix: 'Write run/task/output, for example latest/evaluate/figures; pipewright artifacts list shows them.' });
  }
  const run = await findRun(options.folder, wanted);
  const task = await readTask(options.folder, run.id, taskName);
  if (task === undefined) throw absent(`The run ${run.id} has no task "${taskName}".`, taskName, run.tasks.map((summary) => summary.task));
  const reference = Object.hasOwn(task.outputs, output) ? task.outputs[output] : undefined;
  if (reference === undefined) throw absent(`The task ${taskName} of run ${run.id} wrote no output "${output}".`, output, Object.keys(task.outputs));
  await getArtifact(await openStoreOf(options), reference, options.to);
  const files = reference.files === undefined ? '' : `, ${counted(reference.files, 'file')}`;
  process.stdout.write(`wrote ${nearbyPath(options.to)} (${formatBytes(reference.size)}${files}, ${shortDigest(reference.digest)})\n`);
}

function absent(message: string, name: string, names: readonly string[]): PipewrightError {
  const near = closest(name, names);
  const fix = near !== undefined ? `Did you mean "${near}"?` : names.length === 0 ? 'It has none.' : `It has: ${listed(names.slice(0, 12))}.`;
  return new PipewrightError({ code: 'PW903', message, fix });
}
