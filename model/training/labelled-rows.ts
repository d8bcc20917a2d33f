import type { Matrix } from '../matrix.ts';
import type { Target, TrainingSettings } from './settings.ts';

/** Rows to learn from or to be judged on: features, normalised by the caller, and one label per row. */
export interface LabelledRows {
  /** rows × features. */
  readonly x: Matrix;
  /** For each row 0 or 1 or, for the target return, the simple return over the horizon. */
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
 * RangeError when there is no row or column, sizes do not fit, a feature is not finite in single precision, or a label is
 * not what the target has: 0 or 1, or a finite return.
 */
export function prepareRows(what: string, { x, y }: LabelledRows, target: Target): PreparedRows {
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
  const isOdd = target === 'direction' ? (label: number) => label !== 0 && label !== 1 : (label: number) => !Number.isFinite(label);
  const odd = labels.findIndex(isOdd);
  if (odd >= 0) throw new RangeError(`The ${what} label of row ${odd} is ${y[odd]}; labels are ${target === 'direction' ? '0 or 1' : 'finite returns'}.`);
  return { rows, columns, features, labels };
}

/**
 * What each row weighs in the loss: 1 for all, or balanced, n / (2 · rows of its class), as scikit-learn's
 * `class_weight="balanced"`. Throws RangeError when the rows of direction have only one class: there is nothing to learn.
 */
export function rowWeights(labels: Float32Array, { target, classWeighting }: Pick<TrainingSettings, 'target' | 'classWeighting'>): Float32Array {
  if (target === 'return') return new Float32Array(labels.length).fill(1);
  const ones = labels.reduce((sum, label) => sum + label, 0);
  if (ones === 0 || ones === labels.length) {
    throw new RangeError(`All ${labels.length} training labels are ${labels[0]}; both 0 and 1 are needed.`);
  }
  if (classWeighting === 'none') return new Float32Array(labels.length).fill(1);
  return labels.map((label) => labels.length / (2 * (label === 1 ? ones : labels.length - ones)));
}

/** How returns are measured while a model learns them: mean 0 and deviation 1 over the training rows. */
export interface LabelScale {
  readonly mean: number;
  readonly deviation: number;
}

/** Throws RangeError when all returns are the same: there is nothing to learn. */
export function fitLabelScale({ labels }: PreparedRows): LabelScale {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const deviation = Math.sqrt(labels.reduce((sum, label) => sum + (label - mean) ** 2, 0) / labels.length);
  if (deviation > 0) return { mean, deviation };
  throw new RangeError(`All ${labels.length} training returns are ${labels[0]}; there is nothing to learn.`);
}

export function scaleLabels(rows: PreparedRows, { mean, deviation }: LabelScale): PreparedRows {
  return { ...rows, labels: rows.labels.map((label) => (label - mean) / deviation) };
}
