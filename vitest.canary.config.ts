import { defineConfig } from 'vitest/config';

/** What takes many seeded markets to measure: all 200 random walks of the canary, the false alarms of validation. Needs npm alone, and time. */
export default defineConfig({
  test: {
    include: ['tests/canary/**/*.tier.ts'],
    testTimeout: 1_200_000,
    pool: 'forks',
  },
});
