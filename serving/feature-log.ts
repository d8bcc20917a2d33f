import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { PipewrightError } from '../dsl/errors/index.ts';
import type { Digest } from '../dsl/util/index.ts';
import type { Bars } from '../model/bars.ts';
import { digestOfBars, type FeatureSet, type ServedRow } from '../model/features/index.ts';
import type { ServedModel } from './models/served-model.ts';

/** What the lines of a log of served features are, one JSON object each. Written by a server, read by `pipewright skew`. */
export type FeatureLogLine =
  /** Before the first row of a feature set: what its columns mean. */
  | { readonly kind: 'features'; readonly hash: Digest; readonly definition: FeatureSet }
  | (ServedRow & { readonly kind: 'row'; readonly time: string; readonly model: string; readonly version: string; readonly hash: Digest; /** Where it was looked up. */ readonly key?: string });

/** The log of the feature rows that this server computed from bars or looked up by key. */
export interface FeatureLog {
  /** A row that was computed from the newest `requiredBars` of these bars. */
  readonly fromBars: (model: ServedModel, bars: Bars, values: Float64Array) => void;
  readonly fromKey: (model: ServedModel, key: string, date: string, values: readonly number[]) => void;
  /** Writes what is still in memory. */
  readonly close: () => Promise<void>;
}

export interface FeatureLogOptions {
  readonly path: string;
  /** Bytes that the file may have; nothing is written beyond them. */
  readonly limit: number;
}

/** Why rows are no longer written. */
export type FeatureLogEnd = 'full' | 'broken';

/** Bytes in memory from which on rows are left out: a slow disk must not fill the memory. */
const WAITING_LIMIT = 1_048_576;

/** Opens a log to append to. `onEnd` is told once when it can take no more rows. PW601 when the file cannot be written. */
export async function openFeatureLog({ path, limit }: FeatureLogOptions, onEnd: (why: FeatureLogEnd) => void): Promise<FeatureLog> {
  await openWritable(path);
  let size = statSync(path).size;
  let isOpen = true;
  const stream = createWriteStream(path, { flags: 'a' });
  const end = (why: FeatureLogEnd): void => {
    if (isOpen) onEnd(why);
    isOpen = false;
  };
  stream.on('error', () => end('broken'));
  const described = new Set<Digest>();

  const write = (line: FeatureLogLine): void => {
    const text = `${JSON.stringify(line)}\n`;
    size += Buffer.byteLength(text);
    if (size > limit) end('full');
    else stream.write(text);
  };
  const writeRow = (model: ServedModel, row: ServedRow & { readonly key?: string }): void => {
    if (!isOpen || stream.writableLength > WAITING_LIMIT) return;
    const { featureSetHash: hash, featureSet: definition, name, version } = model;
    if (!described.has(hash)) write({ kind: 'features', hash, definition });
    described.add(hash);
    if (isOpen) write({ kind: 'row', time: new Date().toISOString(), model: name, version, hash, ...row });
  };

  return {
    fromBars(model, bars, values) {
      writeRow(model, { date: bars.date.at(-1)!, window: { bars: bars.date.length, digest: digestOfBars(bars) }, values: [...values] });
    },
    fromKey: (model, key, date, values) => writeRow(model, { key, date, values }),
    async close() {
      isOpen = false;
      if (stream.destroyed) return;
      const closed = once(stream, 'close');
      stream.end();
      await closed;
    },
  };
}

/** A server that was killed may have left half a line: the next one must not be written behind it. */
async function openWritable(path: string): Promise<void> {
  try {
    await using file = await open(path, 'a+');
    const { size } = await file.stat();
    const last = size === 0 ? undefined : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString('latin1');
    if (last !== undefined && last !== '\n') await file.write('\n');
  } catch (cause) {
    throw new PipewrightError({ code: 'PW601', message: `The log of served features cannot be written: ${(cause as Error).message}.`, fix: 'Give --feature-log a file in a folder that is there and may be written to.' }, { cause });
  }
}
