import type { Matrix } from '../../model/matrix.ts';

/** Rows of features and their labels, as a trivial model takes them. */
export interface Sample {
  readonly features: Matrix;
  readonly labels: Float64Array;
}

/** Probabilities of up, one per row. */
export type TrivialModel = (features: Matrix) => Float64Array;

/** Logistic regression with a ridge penalty, fitted by 200 steps of plain gradient descent. */
export function fitLogistic({ features, labels }: Sample, ridge = 0.05, rate = 0.5): TrivialModel {
  const width = features.names.length;
  const weights = new Float64Array(width);
  let bias = 0;
  const predict: TrivialModel = ({ rows, values }) =>
    Float64Array.from({ length: rows }, (_, row) => {
      let sum = bias;
      for (let at = 0; at < width; at++) sum += weights[at]! * values[row * width + at]!;
      return 1 / (1 + Math.exp(-sum));
    });
  for (let step = 0; step < 200; step++) {
    const gradient = new Float64Array(width);
    let biasGradient = 0;
    predict(features).forEach((probability, row) => {
      const error = (probability - labels[row]!) / features.rows;
      biasGradient += error;
      for (let at = 0; at < width; at++) gradient[at]! += error * features.values[row * width + at]!;
    });
    bias -= rate * biasGradient;
    for (let at = 0; at < width; at++) weights[at]! -= rate * (gradient[at]! + ridge * weights[at]!);
  }
  return predict;
}

/** Share of up labels among the five training rows that lie nearest. */
export function fitNearestNeighbours({ features, labels }: Sample): TrivialModel {
  const width = features.names.length;
  return ({ rows, values }) =>
    Float64Array.from({ length: rows }, (_, row) => {
      const nearest: { distance: number; label: number }[] = [];
      for (let known = 0; known < features.rows; known++) {
        const worst = nearest.length < 5 ? Infinity : nearest[4]!.distance;
        let distance = 0;
        for (let at = 0; at < width && distance < worst; at++) {
          distance += (values[row * width + at]! - features.values[known * width + at]!) ** 2;
        }
        if (distance >= worst) continue;
        if (nearest.length === 5) nearest.pop();
        nearest.push({ distance, label: labels[known]! });
        nearest.sort((a, b) => a.distance - b.distance);
      }
      return nearest.reduce((sum, { label }) => sum + label / 5, 0);
    });
}
