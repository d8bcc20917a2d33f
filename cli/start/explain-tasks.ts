import { describeChange, describeMiss, explain, type Explanation } from '../../dsl/local/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { findRun } from '../load/find-run.ts';
import { colourOf, createPaint, type Paint } from '../present/colour.ts';
import { alignRows, oneLine } from '../present/text.ts';
import { describeStanding, GLYPHS } from '../words/status.ts';
import { shortDigest, shortValue } from '../words/values.ts';

/** The verb `why`. */
export async function explainTasks(task: string | undefined, { folder, run: wanted, pipeline }: { readonly folder: string; readonly run: string; readonly pipeline?: string }): Promise<void> {
  const run = await findRun(folder, wanted, pipeline);
  const explanations = await explain({ folder, run: run.id, ...(task === undefined ? {} : { task }) });
  const paint = createPaint(process.stdout);
  const lines = task === undefined
    ? alignRows(explanations.map((one) => [GLYPHS[one.status], one.task, oneLine(inShort(one))]))
    : explanations.flatMap((one, index) => [...(index === 0 ? [] : ['']), ...inFull(one, paint)]);
  process.stdout.write(`${paint('bold', run.pipeline)}  run ${run.id}\n\n${lines.join('\n')}\n`);
}

function inShort({ cache, status }: Explanation): string {
  if (cache.status === 'hit') return `taken from run ${cache.run}`;
  return cache.status === 'unasked' ? describeStanding(status) : `worked: ${describeMiss(cache.because)}`;
}

function inFull(one: Explanation, paint: Paint): readonly string[] {
  const { cache, parts, fingerprint, changes, previousRun } = one;
  const title = `${paint(colourOf(one.status), GLYPHS[one.status])} ${paint('bold', one.task)}  ${oneLine(inShort(one))}`;
  if (parts === undefined || fingerprint === undefined) return [title, '  It never had its turn, so it has no fingerprint.'];
  const changed = cache.status === 'miss' && cache.because.why === 'changed' ? cache.because : undefined;
  const difference = changed ?? (previousRun === undefined ? undefined : { changes, since: previousRun });
  const marks = new Set(difference?.changes.map((change) => ('name' in change ? `${change.what} ${change.name}` : change.what)));
  const row = (what: string, value: string): readonly string[] => [marks.has(what) ? '*' : ' ', what, value];
  const rows = [
    row('step', parts.step),
    row('code', shortDigest(parts.code)),
    ...Object.entries(parts.parameters).map(([name, value]) => row(`parameter ${name}`, shortValue(value, 70))),
    ...Object.entries(parts.inputs).map(([name, value]) => row(`input ${name}`, inputText(value))),
    ...Object.entries(parts.outputs).map(([name, value]) => row(`output ${name}`, kindText(value))),
    ...Object.entries(parts.environment).map(([name, value]) => row(`environment ${name}`, value === null ? 'not set' : `set (${shortDigest(value)})`)),
  ];
  return [
    title,
    `  Its fingerprint ${shortDigest(fingerprint)} is made of:`,
    ...alignRows(rows).map((line) => `  ${line}`),
    ...(difference === undefined
      ? ['  No earlier run came to it.']
      : difference.changes.length === 0
        ? [`  Nothing of this changed since run ${difference.since}.`]
        : [`  Changed since run ${difference.since} (*):`, ...difference.changes.map((change) => `    ${oneLine(describeChange(change))}`)]),
  ];
}

function inputText(value: string | readonly string[] | null): string {
  if (value === null) return 'absent';
  return typeof value === 'string' ? shortDigest(value) : `${value.length} artifacts: ${value.slice(0, 4).map(shortDigest).join(', ')}${value.length > 4 ? ', …' : ''}`;
}

/** An output's declaration is a type; its kind says enough. */
function kindText(declared: Json): string {
  const kind = typeof declared === 'object' && declared !== null && 'kind' in declared ? declared['kind'] : undefined;
  return typeof kind === 'string' ? kind : shortValue(declared);
}
