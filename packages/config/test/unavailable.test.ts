import { expect, it } from 'vitest'
import { configFolder } from './support.ts'

const { problemsOf } = configFolder()

// Whoever makes one of these work takes its line out, here and in `rules/unavailable.ts`.
it.each([
  [
    'execution: { engine: bullmq, queue: { url: "postgresql://q" } }',
    'config.yaml:1: execution.engine: found "bullmq", expected local; bullmq is',
  ],
  ['storage: { kind: s3, s3: { bucket: b } }', 'config.yaml:1: storage.kind: found "s3", expected file; s3 is'],
  ['storage: { path: p }', 'config.yaml:1: storage.path: found a value, expected nothing; storage.path is'],
])('%s', (yaml, message) => {
  expect(problemsOf(yaml)).toContain(`${message} not available in this version`)
})
