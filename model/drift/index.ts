/** Do two samples come from one distribution? Statistics with their bins stated, and a null that knows of dependence. */
export { blockPermutationTest, type BlockPermutation, type BlockPermutationOptions } from './block-permutation.ts';
export { holmAdjust } from './holm.ts';
export { kolmogorovSmirnov, type KolmogorovSmirnov } from './kolmogorov-smirnov.ts';
export { equalCountCuts, expectedPsi, histogramOf, psi, type Histogram } from './psi.ts';
