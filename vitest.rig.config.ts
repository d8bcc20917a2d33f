import { defineConfig } from 'vitest/config';

/** Tests against real components that npm does not bring. Each one says aloud when it skips, why, and what enables it. */
export default defineConfig({
  test: {
    include: ['tests/rig/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
