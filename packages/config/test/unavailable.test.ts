import { expect, it } from 'vitest'
import { configFolder } from './support.ts'

const { problemsOf } = configFolder()

// Whoever makes one of these work takes its line out, here and in `rules/unavailable.ts`.
it.each([
  [
    'execution: { engine: bullmq, queue: { url: "postgresql://q" } }',
    'config.yaml:1: execution.engine: found "bullmq", expected local; bullmq is',
  ],
])('%s', (yaml, message) => {
  expect(problemsOf(yaml)).toContain(`${message} not available in this version`)
})
