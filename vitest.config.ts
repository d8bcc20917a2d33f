import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Tiers that need more than npm (a real MinIO, Argo's validator, native TensorFlow, an engine, MLflow)
    // live in tests/rig, tests/cluster, tests/parity and tests/mlflow and are run by `.ci/run`.
    exclude: ['tests/rig/**', 'tests/cluster/**', 'tests/parity/**', 'tests/mlflow/**', 'node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most tests wait for processes, so two at once pay even where vitest would take one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Tests race, kill and time real processes. On a shared machine one may lose a race that is not its own; a real
    // fault fails twice. The reporter says which were tried again.
    retry: process.env['CI'] ? 1 : 0,
    coverage: { provider: 'v8' },
  },
});
