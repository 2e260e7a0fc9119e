import { expect, it } from 'vitest'
import { client, configFolder } from './support.ts'

const { problemsOf } = configFolder()

// Whoever makes one of these work takes its line out, here and in `rules/unavailable.ts`.
it.each([
  ['node: { admission: approval }', 'config.yaml:1: node.admission: found "approval", expected project-token; approval is'],
  [
    'node: { admission: enrolment-token }',
    'config.yaml:1: node.admission: found "enrolment-token", expected project-token; enrolment-token is',
  ],
  ['join: { first: false, url: "http://n" }', 'config.yaml:1: join.first: found false, expected true; joining as a node is'],
  [
    client.replace('url:', 'enrolment_token: t, url:'),
    'config.yaml:2: join.enrolment_token: found a value, expected nothing; enrolment is',
  ],
  [
    'execution: { engine: bullmq, queue: { url: "postgresql://q" } }',
    'config.yaml:1: execution.engine: found "bullmq", expected local; bullmq is',
  ],
  ['storage: { kind: s3, s3: { bucket: b } }', 'config.yaml:1: storage.kind: found "s3", expected file; s3 is'],
  ['storage: { path: p }', 'config.yaml:1: storage.path: found a value, expected nothing; storage.path is'],
])('%s', (yaml, message) => {
  expect(problemsOf(yaml)).toContain(`${message} not available in this version`)
})
