import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Tiers that need more than npm (a real MinIO, Argo's validator, native TensorFlow, an engine)
    // live in tests/rig and are run by `.ci/run`.
    exclude: ['tests/rig/**', 'tests/cluster/**', 'node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    coverage: { provider: 'v8' },
  },
});
