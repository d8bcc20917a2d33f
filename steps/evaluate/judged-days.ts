import { PipewrightError } from '../../dsl/errors/index.ts';
import { findSplitLeak, SPLIT_GUARD } from '../../model/guards/index.ts';
import { matrixOfColumns, sliceRows, type Matrix } from '../../model/matrix.ts';
import type { RowRange } from '../../model/splits/index.ts';
import type { Dataset } from '../runtime/dataset.ts';

/** The feature table, column by column, and where its parts are. */
export interface Table {
  readonly dates: readonly string[];
  readonly labels: Float64Array;
  /** Simple return over the horizon, whose sign is the label; NaN where it is not known yet. */
  readonly forwardReturns: Float64Array;
  readonly nextReturns: Float64Array;
  readonly close: Float64Array;
  /** The part of every row. */
  readonly part: readonly string[];
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
    forwardReturns: dataset.numbers('forward_return'),
    nextReturns: dataset.numbers('next_return'),
    close: dataset.numbers('close'),
    part,
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

/** PW502, in the name of the split guard, for parts that leak into each other: a shuffled split, or one without a purge. */
export function refuseSplitLeaks({ part, dates }: Table, horizonDays: number): void {
  const leak = findSplitLeak(part, dates, horizonDays);
  if (leak === undefined) return;
  throw new PipewrightError({ code: 'PW502', message: `The ${SPLIT_GUARD} refuses the feature table: ${leak}.`, fix: 'Split in the order of time, as featurize does; a model that is judged on such rows has seen the answers.' });
}
