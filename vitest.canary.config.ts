import { defineConfig } from 'vitest/config';

/** All 200 random walks: what tests/canary/canary.test.ts shows on a few. Needs npm alone, and time. */
export default defineConfig({
  test: {
    include: ['tests/canary/**/*.tier.ts'],
    testTimeout: 1_200_000,
    pool: 'forks',
  },
});
