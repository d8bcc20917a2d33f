/** Statistics: how sure a figure is. */
export { binomialTest, binomialUpperTail, type BinomialTest } from './binomial.ts';
export { automaticBlockLength } from './block-length.ts';
export { dieboldMariano, type DieboldMariano, type LagWindow } from './diebold-mariano.ts';
export { exactMcNemar, midPMcNemar, type McNemar } from './mcnemar.ts';
export { momentsOf, type Moments } from './moments.ts';
export type { NoTest } from './no-test.ts';
export { normalCdf, normalQuantile } from './normal.ts';
export { dependentDirections, type DependentDirections } from './pesaran-timmermann-dependent.ts';
export { pesaranTimmermann, type PesaranTimmermann } from './pesaran-timmermann.ts';
export { daysToShowMean, daysToShowShare, type TestDesign } from './power.ts';
export {
  daysToShowSharpe,
  deflatedSharpe,
  estimateSharpe,
  expectedMaximum,
  probabilisticSharpe,
  sharpeError,
  type DeflatedSharpe,
  type SharpeEstimate,
  type SharpeShape,
} from './sharpe.ts';
export {
  bootstrapDistribution,
  defaultBlockLength,
  resampleDays,
  stationaryBootstrap,
  type BootstrapDistribution,
  type BootstrapInterval,
  type BootstrapOptions,
  type ResampleOptions,
} from './stationary-bootstrap.ts';
export { studentCdf } from './student.ts';
export { wilsonInterval, type Interval } from './wilson.ts';
