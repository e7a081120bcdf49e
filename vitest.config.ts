import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'integ', include: ['test/integ/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: true } },
      { test: { name: 'localstack', include: ['test/localstack/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 180_000 } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxConcurrency: 3,
          maxWorkers: 2,
          globalSetup: 'test/e2e/collect.ts',
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['emr-steps/**/*.ts'],
      exclude: ['**/*.d.ts'],
      reporter: ['text-summary', 'json-summary', 'text'],
      thresholds: { lines: 95 },
    },
  },
});
