import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listed, type Digest } from '../../dsl/util/index.ts';
import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';
import { createSkewCheck, featureSetHash, type FeatureSet, type ServedRow, type SkewFinding } from '../../model/features/index.ts';
import type { FeatureLogLine } from '../../serving/feature-log.ts';
import { isFeatureSet } from '../../serving/models/served-model.ts';
import { readDataset } from '../../steps/runtime/dataset.ts';

/** What became of a served row. */
type Outcome = SkewFinding['kind'] | 'other-release' | 'other-key' | 'joined';

const MEANING: Readonly<Record<Outcome, string>> = {
  equal: 'equal to the offline path',
  skewed: 'SKEWED: another value from the same bars',
  'other-bars': 'OTHER BARS: the server was sent bars that the dataset does not have',
  'other-release': 'OTHER RELEASE: served by feature functions that are not those of this release',
  'unknown-day': 'not compared: the dataset has no such day, or too few bars before it',
  'other-key': 'not compared: of another key than the dataset',
  joined: 'not compared: the features join another series',
};
const FAILURES: readonly Outcome[] = ['skewed', 'other-bars', 'other-release'];
const SHOWN = 10;

type Row = Extract<FeatureLogLine, { readonly kind: 'row' }>;

/** The verb `skew`: prints what it compared. PW605 when a row differs or none could be compared. */
export async function checkSkew(log: string, prices: string): Promise<void> {
  for (const path of [log, prices]) await requireFile(path);
  const { bars, symbol } = await readBars(prices);
  const counts = new Map<Outcome, number>();
  const examples: string[] = [];
  const checks = new Map<Digest, (row: ServedRow) => Outcome | Extract<SkewFinding, { readonly kind: 'skewed' }>>();
  const cut: number[] = [];
  for await (const line of linesOf(log, cut)) {
    if (line.kind === 'features') {
      checks.set(line.hash, openCheck(bars, line.definition, line.hash));
      continue;
    }
    const found = line.key !== undefined && symbol !== '' && line.key !== symbol ? 'other-key' : checks.get(line.hash)!(line);
    const outcome = typeof found === 'string' ? found : found.kind;
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (FAILURES.includes(outcome) && examples.length < SHOWN) examples.push(describe(line, found));
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(`${total} served ${total === 1 ? 'row' : 'rows'}, held against ${bars.date.length} bars from ${bars.date[0]} to ${bars.date.at(-1)}:\n`);
  for (const [outcome, meaning] of Object.entries(MEANING) as [Outcome, string][]) {
    if (counts.has(outcome)) process.stdout.write(`  ${String(counts.get(outcome)).padStart(6)}  ${meaning}\n`);
  }
  if (cut.length > 0) process.stdout.write(`${tellCut(cut)}\n`);
  for (const example of examples) process.stdout.write(`${example}\n`);
  demandEqual(counts, total, examples[0]);
}

async function requireFile(path: string): Promise<void> {
  try {
    await using file = await open(path);
    if ((await file.stat()).isDirectory()) throw new Error('it is a folder');
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `${path} cannot be read: ${(cause as Error).message}.`, fix: 'Give the log of a server, and with --prices a dataset.' }, { cause });
  }
}

function demandEqual(counts: ReadonlyMap<Outcome, number>, total: number, first: string | undefined): void {
  const failed = FAILURES.reduce((sum, outcome) => sum + (counts.get(outcome) ?? 0), 0);
  if (failed > 0) {
    throw new PipewrightError({
      code: 'PW605',
      message: `${failed} of ${total} served feature rows are not those of the offline path. ${first}`,
      fix: 'Same bars, other values: the server runs other feature code than this release; deploy the same one and train anew. Other bars: see what the client sends.',
    });
  }
  if (counts.has('equal')) return;
  throw new PipewrightError({ code: 'PW605', message: `None of ${total} served feature rows could be compared with this dataset.`, fix: 'Give the dataset that has the days which were served, and a log with rows from bars or keys.' });
}

function openCheck(bars: Bars, definition: FeatureSet, hash: Digest): (row: ServedRow) => Outcome | Extract<SkewFinding, { readonly kind: 'skewed' }> {
  if (definition.joined !== undefined) return () => 'joined';
  try {
    if (featureSetHash(definition) !== hash) return () => 'other-release';
    const check = createSkewCheck(bars, definition);
    return (row) => {
      const found = check(row);
      return found.kind === 'skewed' ? found : found.kind;
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PipewrightError({ code: 'PW502', message: `The features cannot be computed from this dataset: ${error.message}`, fix: 'Give the output "clean" of validate.' }, { cause: error });
  }
}

function describe({ date, model, version, time }: Row, found: Outcome | Extract<SkewFinding, { readonly kind: 'skewed' }>): string {
  const difference = typeof found === 'string' ? MEANING[found].toLowerCase() : `${found.column} was served as ${found.served} and is ${found.offline} offline`;
  return `${date}, answered by ${model} version ${version} at ${time}: ${difference}.`;
}

async function readBars(path: string): Promise<{ readonly bars: Bars; readonly symbol: string }> {
  const dataset = await readDataset(path, { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' });
  const numbers = Object.fromEntries(BAR_COLUMNS.map((column) => [column, dataset.numbers(column)])) as Record<BarColumn, Float64Array>;
  return { bars: { date: dataset.texts('date'), ...numbers }, symbol: dataset.names.includes('symbol') ? (dataset.texts('symbol')[0] ?? '') : '' };
}

/** A server that is killed leaves its last line unfinished; the next server goes on below it. */
function tellCut(lines: readonly number[]): string {
  const shown = lines.slice(0, SHOWN).map(String);
  const all = lines.length > SHOWN ? [...shown, `${lines.length - SHOWN} more`] : shown;
  return `${lines.length === 1 ? 'Line' : 'Lines'} ${listed(all)} of the log ${lines.length === 1 ? 'was' : 'were'} cut off, as when a server is killed, and left out.`;
}

/** The lines of a log, in order; a row only after what its features are. Adds the numbers of those that were cut off to `cut`. */
async function* linesOf(path: string, cut: number[]): AsyncGenerator<FeatureLogLine> {
  const described = new Set<string>();
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    const whole = withoutCutLine(text);
    if (whole !== text) cut.push(number);
    if (whole === '' && text !== '') continue;
    const line = parse(whole);
    if (line?.kind === 'features') described.add(line.hash);
    if (line !== undefined && (line.kind === 'features' || described.has(line.hash))) yield line;
    else throw new PipewrightError({ code: 'PW502', message: `Line ${number} of ${path} is not one of a log of served features.`, fix: 'Give a file that a server wrote with --feature-log.' });
  }
}

/** What a server of an earlier release wrote behind a line that was cut off, in the same line; empty where there is nothing more. */
function withoutCutLine(text: string): string {
  if (!text.startsWith('{') || isJson(text)) return text;
  return /^.+(\{"kind":"(?:features|row)",.*)$/.exec(text)?.[1] ?? '';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string): FeatureLogLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<FeatureLogLine> | null;
    if (typeof line?.hash !== 'string') return undefined;
    if (line.kind === 'features') return isFeatureSet(line.definition) ? (line as FeatureLogLine) : undefined;
    return line.kind === 'row' && typeof line.date === 'string' && Array.isArray(line.values) && isWindow(line.window) ? (line as FeatureLogLine) : undefined;
  } catch {
    return undefined;
  }
}

function isWindow(value: unknown): boolean {
  if (value === undefined) return true;
  const { bars, digest } = (value ?? {}) as { readonly bars?: unknown; readonly digest?: unknown };
  return Number.isSafeInteger(bars) && (bars as number) > 0 && typeof digest === 'string';
}
