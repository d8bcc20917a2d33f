import { readFile, writeFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { canonicalJson, digestOf } from '../../dsl/util/index.ts';
import { writeDataset, type ColumnData } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { withStoredDataset } from '../runtime/stored-dataset.ts';
import { collect, type Collected } from './collect.ts';
import { ingest, kindOfSource } from './contract.ts';
import { DEFAULT_LIMITS, type Limits } from './http/limits.ts';
import { DEFAULT_SESSION, type Listing } from './listing.ts';
import { makeManifest } from './manifest.ts';
import { readPrevious, type Previous } from './previous.ts';
import { resolveAsOf } from './resolve-as-of.ts';
import { timesOf, type Sessions } from './sessions.ts';
import { describeRestatement, update, type Update } from './update.ts';

export default implementStep(ingest, async ({ parameters, inputs, outputs, environment, log, signal }) => {
  const { source, symbol, digest, from, asOf, adjusted, baseUrl, restated, overlapSessions } = parameters;
  const limits = limitsOf(parameters, signal);
  const fetchFrom = (day: string): Promise<Collected> => collect({ source, symbol, digest, from: day, asOf, adjusted, baseUrl }, limits, environment);

  const previous = await choosePrevious(inputs.previous, parameters.previousDigest, environment);
  const isService = ['yahoo', 'alphavantage'].includes(kindOfSource(source));
  if (previous !== undefined && isService && asOf !== '' && asOf < previous.bars.date.at(-1)!) throw older(asOf, previous.bars.date.at(-1)!);
  // Adjusted prices change with every dividend, back to the first. A digest is of the whole.
  const inPart = isService && !adjusted && digest === '';
  const updated = previous && (await update(previous, fetchFrom, { overlapSessions, onRestatement: restated, inPart, from }));
  const found = updated?.collected ?? (await fetchFrom(from));
  const collected = { ...found, listing: completeListing(found.listing, parameters) };

  const sessions = sessionsOf(collected.listing, parameters.publicationDelayMinutes);
  const columns = columnsOf(collected, sessions);
  await writeDataset(outputs.prices, columns);
  const dataset = digestOf(await readFile(outputs.prices));
  const manifest = makeManifest({ collected, dataset, columns: Object.keys(columns), sessions, adjusted, policy: restated, parent: previous?.digest, update: updated });
  await writeFile(outputs.manifest, `${canonicalJson(manifest)}\n`);

  const { rows, firstDay, lastDay } = manifest;
  log(`Read ${rows} bars from ${firstDay} to ${lastDay} from ${manifest.source}.`);
  for (const day of collected.unfinished) log(`Left out ${day}: its session was not over.`);
  if (updated !== undefined) tellUpdate(updated, restated, log);
  return { rows, firstDay, lastDay, asOf };
}, { resolve: (asked) => resolveAsOf(asked) });

type Environment = Readonly<Record<string, string | undefined>>;

async function choosePrevious(path: string | undefined, digest: string, environment: Environment): Promise<Previous | undefined> {
  if (digest === '') return path === undefined ? undefined : readPrevious(path);
  if (path === undefined) return withStoredDataset(digest, environment, readPrevious);
  throw new PipewrightError({ code: 'PW501', message: 'There is an earlier dataset in the parameter "previousDigest" and in the input "previous".', fix: 'Give one of the two.' });
}

interface Patience {
  readonly connectSeconds: number;
  readonly patienceSeconds: number;
  readonly totalSeconds: number;
  readonly attempts: number;
  readonly maximumMegabytes: number;
  readonly allowHttp: boolean;
}

function limitsOf({ connectSeconds, patienceSeconds, totalSeconds, attempts, maximumMegabytes, allowHttp }: Patience, signal: AbortSignal): Limits {
  return { ...DEFAULT_LIMITS, connectSeconds, patienceSeconds, totalSeconds, attempts, maximumBytes: maximumMegabytes * 2 ** 20, allowHttp, signal };
}

/** What a parameter says goes before what the source says. */
function completeListing(listing: Listing, given: { readonly currency: string; readonly exchange: string; readonly timeZone: string; readonly sessionClose: string }): Listing {
  const { currency, exchange, timeZone, sessionClose } = given;
  const said = Object.entries({ currency, exchange, timeZone, sessionClose }).filter(([, value]) => value !== '');
  return { ...listing, ...Object.fromEntries(said) };
}

function sessionsOf({ timeZone = DEFAULT_SESSION.timeZone, sessionClose = DEFAULT_SESSION.sessionClose }: Listing, publicationDelayMinutes: number): Sessions {
  return { timeZone, close: sessionClose, publicationDelayMinutes };
}

/** The bars, and for each row its symbol (empty where it is not known) and its two times. */
function columnsOf({ bars, lines, listing }: Collected, sessions: Sessions): ColumnData {
  const timesFor = timesOf(sessions);
  const times = bars.date.map(timesFor);
  return {
    ...bars,
    symbol: bars.date.map(() => listing.symbol ?? ''),
    eventTime: times.map(({ eventTime }) => eventTime),
    availableAt: times.map(({ availableAt }) => availableAt),
    ...(lines === undefined ? {} : { line: lines }),
  };
}

function tellUpdate({ added, comparedFrom, restatement }: Update, policy: 'refuse' | 'take' | 'keep', log: (line: string) => void): void {
  log(`${added} of them are new; from ${comparedFrom} on the earlier rows were compared.`);
  if (restatement.rows === 0) return;
  log(`Warning: the source has restated its history: ${describeRestatement(restatement)}. ${policy === 'take' ? 'The new rows were taken.' : 'The earlier rows were kept.'}`);
}

function older(asOf: string, last: string): PipewrightError {
  return new PipewrightError({ code: 'PW501', message: `The parameter "asOf" is ${asOf}, but the previous dataset goes to ${last}.`, fix: 'Give that day or a later one, or leave the input "previous" out.' });
}
