import { PipewrightError } from '../../dsl/errors/index.ts';
import { matrixOfColumns, sliceRows, type Matrix } from '../../model/matrix.ts';
import type { RowRange } from '../../model/splits/index.ts';
import type { Dataset } from '../runtime/dataset.ts';

/** The feature table, column by column, and where its parts are. */
export interface Table {
  readonly dates: readonly string[];
  readonly labels: Float64Array;
  readonly nextReturns: Float64Array;
  readonly close: Float64Array;
  readonly parts: Readonly<Record<'train' | 'validation' | 'test', RowRange>>;
  /** Features as they are, in the order of the names, of the rows of a range. PW502 when the table lacks one. */
  features(names: readonly string[], rows: RowRange): Matrix;
}

/** PW502 when a column or a part is missing. */
export function readTable(dataset: Dataset): Table {
  const part = dataset.texts('part');
  const rangeOf = (name: string): RowRange => {
    const from = part.indexOf(name);
    if (from < 0) throw new PipewrightError({ code: 'PW502', message: `The feature table has no ${name} rows.`, fix: 'Give the output "table" of featurize.' });
    return { from, to: part.lastIndexOf(name) + 1 };
  };
  return {
    dates: dataset.texts('date'),
    labels: dataset.numbers('label'),
    nextReturns: dataset.numbers('next_return'),
    close: dataset.numbers('close'),
    parts: { train: rangeOf('train'), validation: rangeOf('validation'), test: rangeOf('test') },
    features: (names, { from, to }) => sliceRows(matrixOfColumns(names, names.map((name) => dataset.numbers(name))), from, to),
  };
}

/** The test rows after the last day that any of the models knows. Empty when there are none. */
export function judgedRows({ dates, parts: { test } }: Table, knownUntil: readonly string[]): RowRange {
  const latest = knownUntil.reduce((later, day) => (day > later ? day : later), '');
  let { from } = test;
  while (from < test.to && dates[from]! <= latest) from++;
  return { from, to: test.to };
}
