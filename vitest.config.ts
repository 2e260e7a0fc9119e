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
    // For what hangs: a busy machine may take many times as long as a quiet one, and what is waited for comes in the end.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
