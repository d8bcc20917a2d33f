import { PipewrightError } from '../../dsl/errors/index.ts';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import type { SplitRecord } from '../../model/document/index.ts';
import { matrixOfColumns, sliceRows, type Matrix } from '../../model/matrix.ts';
import type { LabelledRows, Target } from '../../model/training/index.ts';
import type { Dataset } from '../runtime/dataset.ts';
import type { KnownRows } from './train-candidate.ts';

/** Rows of one part: features as they are, not normalised. */
export interface PartRows {
  readonly dates: readonly string[];
  readonly x: Matrix;
  /** 0 or 1. */
  readonly y: Float64Array;
  /** Simple return over the horizon, for the target return. */
  readonly returns: Float64Array | undefined;
}

/** All that training may know. */
export interface SeenRows {
  readonly train: PartRows;
  readonly validation: PartRows;
  /** From the first training row to the day whose close decides the last validation label. */
  readonly seen: SplitRecord;
  /** Of days, features and labels of both parts, and of the returns where they are learned. */
  readonly digest: Digest;
}

/**
 * Takes the training and validation rows out of a feature table. Everything after them is cut off here, in the first
 * lines, so that nothing further down can look at a test row by mistake. PW502 for a table without the two parts.
 */
export function takeSeenRows(table: Dataset, names: readonly string[], horizonDays: number, target: Target): SeenRows {
  const part = table.texts('part');
  const end = part.lastIndexOf('validation') + 1;
  if (!part.includes('train') || end === 0) {
    throw new PipewrightError({ code: 'PW502', message: 'The feature table has no training rows or no validation rows.', fix: 'Give the output "table" of featurize.' });
  }
  const days = table.texts('date');
  const dates = days.slice(0, end);
  const labels = table.numbers('label').slice(0, end);
  const returns = target === 'direction' ? undefined : table.numbers('forward_return').slice(0, end);
  const matrix = matrixOfColumns(names, names.map((name) => table.numbers(name).slice(0, end)));

  const take = (name: string): PartRows => {
    const [from, to] = [part.indexOf(name), part.lastIndexOf(name, end - 1) + 1];
    return { dates: dates.slice(from, to), x: sliceRows(matrix, from, to), y: labels.slice(from, to), returns: returns?.slice(from, to) };
  };
  const [train, validation] = [take('train'), take('validation')];
  // The closes that decide the last labels belong to what is seen.
  const last = days[end - 1 + horizonDays] ?? dates.at(-1)!;
  return {
    train,
    validation,
    seen: { from: train.dates[0]!, to: last, rows: train.dates.length + validation.dates.length },
    digest: digestOfRows([train, validation]),
  };
}

/** What is learned: features as they are, and the label or, for the target return, the return of each row. */
export function knownRows({ train, validation }: SeenRows): KnownRows {
  const learned = ({ x, y, returns }: PartRows): LabelledRows => ({ x, y: returns ?? y });
  return { train: learned(train), validation: learned(validation) };
}

/** Both days belong to the part. */
export function recordOf({ dates }: PartRows): SplitRecord {
  return { from: dates[0]!, to: dates.at(-1)!, rows: dates.length };
}

function digestOfRows(parts: readonly PartRows[]): Digest {
  const bytes = parts.flatMap(({ dates, x, y, returns }) => [Buffer.from(JSON.stringify([dates, x.names])), bytesOf(x.values), bytesOf(y), ...(returns ? [bytesOf(returns)] : [])]);
  return digestOf(Buffer.concat(bytes));
}

function bytesOf(values: Float64Array): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, at) => bytes.writeDoubleLE(value, at * 8));
  return bytes;
}
