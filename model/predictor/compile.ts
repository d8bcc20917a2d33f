import { compileCalibration, type Calibration, type ScoreKind } from '../calibration/index.ts';
import type { Normalisation } from '../normalise.ts';
import { compileNetwork } from './compile-network.ts';
import { checkAnswer, inputsOf, type Estimator } from './estimator.ts';
import type { Network } from './network.ts';
import { compileTrees } from './trees.ts';

/** What a model says to some rows. */
export interface Forecast {
  /** What the members answer together, before any calibration: log-odds of up or, of a model of return, the forecast return. One per row. */
  readonly answers: Float64Array;
  /** Of up, one per row. */
  readonly probabilities: Float64Array;
  /** Forecast simple return over the horizon, as a share, one per row; only of a model of return. */
  readonly returns: Float64Array | undefined;
}

/** A model made ready to answer: raw features in, probability out. Keeps scratch memory, allocates none per row. */
export interface Predictor {
  /** Columns of a row. */
  readonly inputs: number;
  /**
   * The probability for one row of raw features, `inputs` long. NaN when a feature is not a finite number.
   * Throws RangeError when the row has another length.
   */
  predictRow(row: ArrayLike<number>): number;
  /**
   * The probabilities of `rows` rows, row-major in `values` (rows × inputs). Written into `out` where one is given.
   * Throws RangeError when `values` or `out` has another length.
   */
  predictRows(values: ArrayLike<number>, rows: number, out?: Float64Array): Float64Array;
  /** Answers, probabilities and, of a model of return, forecast returns. Rows as in `predictRows`. */
  forecast(values: ArrayLike<number>, rows: number): Forecast;
}

export interface CompileOptions {
  /** Without it the rows are taken as they are. */
  readonly normalisation?: Normalisation | undefined;
  /** Default: log-odds. */
  readonly score?: ScoreKind;
  /** Default: none. */
  readonly calibration?: Calibration;
}

/** A network of direction alone, without calibration. See {@link compileEstimator}. */
export function compilePredictor(network: Network, normalisation?: Normalisation): Predictor {
  return compileEstimator({ kind: 'networks', members: [network] }, { normalisation });
}

/**
 * Compiles an estimator into typed arrays and closures. The members' scores are averaged, log-odds and not probabilities:
 * of trees and of logistic regressions the mean is then again one model of the kind, and a calibration gets what it was
 * made for (docs/decisions/0014). Throws RangeError for parts that do not fit together.
 */
export function compileEstimator(estimator: Estimator, options: CompileOptions = {}): Predictor {
  const { normalisation, score: scoreKind = { kind: 'log-odds' }, calibration = { method: 'none' } } = options;
  const inputs = inputsOf(estimator);
  checkAnswer(estimator, scoreKind);
  const mean = new Float64Array(inputs);
  const scale = new Float64Array(inputs).fill(1);
  if (normalisation) {
    copyFinite('mean', normalisation.mean, mean);
    copyFinite('scale', normalisation.scale, scale);
    const zero = scale.indexOf(0);
    if (zero >= 0) throw new RangeError(`The scale of column ${zero} is 0; a column is divided by its scale.`);
  }

  const input = new Float64Array(inputs);
  const answerOf = meanOf(estimator.kind === 'networks' ? estimator.members.map((network) => compileNetwork(network, input)) : estimator.members.map((trees) => compileTrees(trees, input)));
  const probabilityOf = compileCalibration(calibration, scoreKind);

  /** What the members answer: log-odds, or a return. */
  const answer = (values: ArrayLike<number>, offset: number): number => {
    for (let at = 0; at < inputs; at++) {
      const value = Math.fround((values[offset + at]! - mean[at]!) / scale[at]!);
      if (value - value !== 0) return NaN;
      input[at] = value;
    }
    return answerOf();
  };
  const requireRows = (values: ArrayLike<number>, rows: number): void => {
    if (values.length === rows * inputs) return;
    throw new RangeError(`${rows} rows of ${inputs} features are ${rows * inputs} values; got ${values.length}.`);
  };

  const predictRows = (values: ArrayLike<number>, rows: number, out = new Float64Array(rows)): Float64Array => {
    requireRows(values, rows);
    if (out.length !== rows) throw new RangeError(`${rows} rows give ${rows} probabilities; the output has room for ${out.length}.`);
    for (let row = 0; row < rows; row++) out[row] = probabilityOf(answer(values, row * inputs));
    return out;
  };
  return {
    inputs,
    predictRow(row) {
      if (row.length !== inputs) throw new RangeError(`The model takes rows of ${inputs} features; got ${row.length}.`);
      return probabilityOf(answer(row, 0));
    },
    predictRows,
    forecast(values, rows) {
      requireRows(values, rows);
      const answers = Float64Array.from({ length: rows }, (_, row) => answer(values, row * inputs));
      return { answers, probabilities: answers.map(probabilityOf), returns: scoreKind.kind === 'return' ? answers : undefined };
    },
  };
}

function meanOf(members: readonly (() => number)[]): () => number {
  const [only] = members;
  if (members.length === 1) return only!;
  return () => {
    let sum = 0;
    for (let at = 0; at < members.length; at++) sum += members[at]!();
    return sum / members.length;
  };
}

function copyFinite(what: string, from: ArrayLike<number>, to: Float64Array): void {
  if (from.length !== to.length) {
    throw new RangeError(`The normalisation has ${from.length} ${what}s for a network of ${to.length} inputs.`);
  }
  for (let at = 0; at < to.length; at++) {
    if (!Number.isFinite(from[at])) throw new RangeError(`The ${what} of column ${at} is ${from[at]}; it must be a finite number.`);
    to[at] = from[at]!;
  }
}
