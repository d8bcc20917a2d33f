import { readFile } from 'node:fs/promises';
import { closest, listed } from '../../dsl/util/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { mergeOnlineFeatures, readOnlineFeatures, type OnlineFeatures, type OnlineRow } from '../../model/features/index.ts';
import { badRequest, unavailable } from '../errors.ts';
import { describeModel, type ServedModel } from '../models/served-model.ts';

const DAY_MS = 86_400_000;

/** The latest feature rows by key, from the snapshot that featurize writes. */
export interface OnlineRows {
  /** The row of a key, for a model. 400 for a key that is not there, 503 while the row is stale or of other features than the model's. */
  rowOf(model: ServedModel, key: string): OnlineRow;
  /** Reads the files again. Undefined when that went well; else why not, and the rows before stay. */
  refresh(): Promise<string | undefined>;
}

/** Rows of one or several files, with commas between their paths. PW601 when they cannot be read as online features. */
export async function openOnlineRows(path: string, maximumAgeDays = Infinity): Promise<OnlineRows> {
  let current: OnlineFeatures;
  try {
    current = await read(path);
  } catch (cause) {
    throw new PipewrightError({ code: 'PW601', message: describe(path, cause), fix: 'Give --online-features the output "online" of featurize, written by this release.' }, { cause });
  }
  return {
    rowOf(model, key) {
      if (current.hash !== model.featureSetHash) {
        throw unavailable(`The online features are not those of ${describeModel(model)}: their hash is ${current.hash}, the model's is ${model.featureSetHash}.`);
      }
      if (Object.hasOwn(current.rows, key)) {
        const row = current.rows[key]!;
        const days = (Date.now() - Date.parse(row.date)) / DAY_MS;
        if (days <= maximumAgeDays) return row;
        throw unavailable(`The online features of ${JSON.stringify(key)} are of ${row.date}, ${Math.floor(days)} days ago; from ${maximumAgeDays} on they are stale.`);
      }
      const keys = Object.keys(current.rows);
      const meant = closest(key.slice(0, 80), keys);
      throw badRequest(`There are no online features of ${JSON.stringify(key.slice(0, 80))}; ${meant ? `did you mean ${JSON.stringify(meant)}?` : `there are some of ${listed(keys.slice(0, 20))}.`}`);
    },
    async refresh() {
      try {
        current = await read(path);
        return undefined;
      } catch (error) {
        return describe(path, error);
      }
    },
  };
}

async function read(path: string): Promise<OnlineFeatures> {
  const texts = await Promise.all(path.split(',').map((one) => readFile(one.trim(), 'utf8')));
  return mergeOnlineFeatures(texts.map(readOnlineFeatures));
}

function describe(path: string, error: unknown): string {
  return `The online features in ${path} cannot be used. ${(error as Error).message.replace(/\.?$/, '.')}`;
}
