import { defineConfig } from 'vitest/config';

/** Tests against real components that npm does not bring. Each one says aloud when it skips, why, and what enables it. */
export default defineConfig({
  test: {
    include: ['tests/rig/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Tests race, kill and time real processes. On a shared machine one may lose a race that is not its own; a real
    // fault fails twice. The reporter says which were tried again.
    retry: process.env['CI'] ? 1 : 0,
    fileParallelism: false,
  },
});
