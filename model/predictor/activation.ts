import { sigmoid } from '../sigmoid.ts';
import type { Activation } from './network.ts';

/** Applies an activation to every value, in place. NaN stays NaN. */
export const ACTIVATE: Readonly<Record<Activation, (values: Float64Array) => void>> = {
  linear: () => {},
  relu: (values) => {
    // Asked this way round, NaN stays NaN instead of becoming a plausible 0.
    for (let at = 0; at < values.length; at++) if (values[at]! < 0) values[at] = 0;
  },
  tanh: (values) => {
    for (let at = 0; at < values.length; at++) values[at] = Math.tanh(values[at]!);
  },
  sigmoid: (values) => {
    for (let at = 0; at < values.length; at++) values[at] = sigmoid(values[at]!);
  },
};
