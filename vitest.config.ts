import { defineConfig } from 'vitest/config'

// Tests read the sources of every package; only task workers, which are processes of their own, need the build.
export default defineConfig({
  resolve: { conditions: ['@flotta/source'] },
  ssr: { resolve: { conditions: ['@flotta/source'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'e2e/scenarios/**/*.test.ts',
      'bench/test/**/*.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
