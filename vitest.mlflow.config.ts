import { defineConfig } from 'vitest/config';
import { whyNoMlflow } from './tests/mlflow/surroundings.ts';

/** The exporter against a real MLflow server; tests/mlflow/setup.ts installs it from PyPI, or uses what is there. */
const alone = 'tests/mlflow/no-mlflow.test.ts';
const can = whyNoMlflow() === undefined;

export default defineConfig({
  test: {
    include: can ? ['tests/mlflow/**/*.test.ts'] : [alone],
    exclude: can ? [alone] : [],
    globalSetup: ['tests/mlflow/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // Each file has a server of its own, and a server is half a gigabyte.
    fileParallelism: false,
    retry: process.env['CI'] ? 1 : 0,
  },
});
