import { defineConfig } from 'vitest/config';
import { whyNoCluster } from './tests/cluster/surroundings.ts';

/** Tests on a real Kubernetes cluster; tests/cluster/setup.ts brings it up, or uses the one that is there. */
const alone = 'tests/cluster/no-cluster.test.ts';
const can = whyNoCluster() === undefined;

export default defineConfig({
  test: {
    include: can ? ['tests/cluster/**/*.test.ts', 'tests/parity/**/*.test.ts'] : [alone],
    exclude: can ? [alone] : [],
    globalSetup: ['tests/cluster/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 120_000,
    pool: 'forks',
    // One file after the other: they share one node, and some of them take parts of it down.
    fileParallelism: false,
    retry: process.env['CI'] ? 1 : 0,
  },
});
