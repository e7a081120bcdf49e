import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'integ', include: ['test/integ/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: true } },
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
