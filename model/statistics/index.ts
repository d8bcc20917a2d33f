/** Statistics: how sure a figure is. */
export { binomialUpperTail } from './binomial.ts';
export { exactMcNemar, type McNemar } from './mcnemar.ts';
export { normalCdf, normalQuantile } from './normal.ts';
export { daysToShowMean, daysToShowShare, type TestDesign } from './power.ts';
export { defaultBlockLength, stationaryBootstrap, type BootstrapInterval, type BootstrapOptions } from './stationary-bootstrap.ts';
export { wilsonInterval, type Interval } from './wilson.ts';
