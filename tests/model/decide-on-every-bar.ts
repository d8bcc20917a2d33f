import type { Bars } from '../../model/bars.ts';
import type { DecisionFunction } from '../../model/guards/index.ts';
import type { Matrix } from '../../model/matrix.ts';

/** A decision at the close of every bar, with one row of features per bar. */
export function decideOnEveryBar(compute: (bars: Bars) => Matrix): DecisionFunction {
  return ({ bars }) => ({ session: Int32Array.from(bars.date.keys()), matrix: compute(bars), decisionTime: undefined });
}
