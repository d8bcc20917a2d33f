import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BAR_COLUMNS, type Bars } from '../../model/bars.ts';
import featurize from '../../steps/featurize/run.ts';
import { writeDataset } from '../../steps/runtime/dataset.ts';
import { runInline } from '../../steps/runtime/index.ts';
import train from '../../steps/train/run.ts';
import type { Candidate } from '../../steps/train/contract.ts';

/** A folder that is gone when the tests are over. */
export interface Rig {
  readonly folder: string;
  /** A new folder in it. */
  readonly make: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function createRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-steps-'));
  let count = 0;
  return {
    folder,
    make: async () => {
      const made = join(folder, String(count++));
      await mkdir(made);
      return made;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function writeBars(rig: Rig, bars: Bars): Promise<string> {
  const path = join(await rig.make(), 'bars.arrow');
  await writeDataset(path, { ...bars });
  return path;
}

export async function writeCsv(rig: Rig, bars: Bars): Promise<string> {
  const path = join(await rig.make(), 'bars.csv');
  const lines = bars.date.map((date, row) => [date, ...BAR_COLUMNS.map((column) => bars[column][row])].join(','));
  await writeFile(path, ['date,open,high,low,close,volume', ...lines, ''].join('\n'));
  return path;
}

export interface Features {
  readonly table: string;
  readonly definition: string;
}

export async function featuresOf(rig: Rig, bars: Bars, parameters: { horizonDays?: number } = {}): Promise<Features> {
  const { outputs } = await runInline(featurize, { folder: await rig.make(), inputs: { prices: await writeBars(rig, bars) }, parameters });
  return outputs;
}

/** Small and quick; good for nothing but tests. */
export const QUICK: Candidate = { architecture: 'logistic', learningRate: 0.01, maxEpochs: 2 };

/** Path of a trained model. */
export async function trainOn(rig: Rig, features: Features, candidate: Candidate = QUICK, parameters: { seed?: number; name?: string } = {}): Promise<string> {
  const inputs = { features: features.table, definition: features.definition };
  const { outputs } = await runInline(train, { folder: await rig.make(), inputs, parameters: { candidate, ...parameters } });
  return outputs.model;
}

export async function readJson(path: string): Promise<any> {
  return JSON.parse(await readFile(path, 'utf8'));
}
