import type { Matrix } from '../matrix.ts';

/** Rows to learn from or to be judged on: features, normalised by the caller, and one label per row. */
export interface LabelledRows {
  /** rows × features. */
  readonly x: Matrix;
  /** 0 or 1 for each row. */
  readonly y: ArrayLike<number>;
}

/** The same rows in TensorFlow's precision. */
export interface PreparedRows {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, rows × columns. */
  readonly features: Float32Array;
  readonly labels: Float32Array;
}

/**
 * Checks rows and copies them into single precision. `what` names them in errors: "training", "validation". Throws
 * RangeError when there is no row or column, sizes do not fit, a feature is not finite in single precision, or a label is neither 0 nor 1.
 */
export function prepareRows(what: string, { x, y }: LabelledRows): PreparedRows {
  const { rows, names } = x;
  const columns = names.length;
  if (rows < 1 || columns < 1) throw new RangeError(`The ${what} rows are ${rows} × ${columns}; at least 1 × 1 is needed.`);
  if (x.values.length !== rows * columns) {
    throw new RangeError(`The ${what} rows are ${rows} × ${columns}, which is ${rows * columns} values; got ${x.values.length}.`);
  }
  if (y.length !== rows) throw new RangeError(`There are ${rows} ${what} rows but ${y.length} labels.`);
  const features = Float32Array.from(x.values);
  const broken = features.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    const where = `row ${Math.floor(broken / columns)}, column ${names[broken % columns]}`;
    throw new RangeError(`The ${what} rows have ${x.values[broken]} in ${where}; features are finite numbers.`);
  }
  const labels = Float32Array.from(y);
  const odd = labels.findIndex((label) => label !== 0 && label !== 1);
  if (odd >= 0) throw new RangeError(`The ${what} label of row ${odd} is ${y[odd]}; labels are 0 or 1.`);
  return { rows, columns, features, labels };
}

/**
 * What each row weighs in the loss: 1 for all, or balanced, n / (2 · rows of its class), as scikit-learn's
 * `class_weight="balanced"`. Throws RangeError when the rows have only one class: there is nothing to learn.
 */
export function rowWeights(labels: Float32Array, weighting: 'none' | 'balanced'): Float32Array {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  if (ones === 0 || ones === labels.length) {
    throw new RangeError(`All ${labels.length} training labels are ${labels[0]}; both 0 and 1 are needed.`);
  }
  if (weighting === 'none') return new Float32Array(labels.length).fill(1);
  return labels.map((label) => labels.length / (2 * (label === 1 ? ones : labels.length - ones)));
}
