import type { ArtifactId } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { ProblemLog } from '../../src/node/problem-log.ts'
import { silentLogger } from '../../src/ports/index.ts'

const problemOf = (name: string, message = 'broken') => ({ artifactId: `art_${name}` as ArtifactId, error: new Error(message) })

describe('what keeps the looks by the clock from an artifact', () => {
  it('is told once while it lasts, and again when it comes back or is another one', () => {
    const told: unknown[] = []
    const log = new ProblemLog({
      ...silentLogger,
      warn: (message, fields) => told.push([message.split(': ')[1], fields?.artifactId]),
    })
    const looks = [[problemOf('a'), problemOf('a')], [problemOf('a'), problemOf('b')], [problemOf('b', 'gone')], [problemOf('a')]]
    for (const problems of looks) log.tell(problems)
    expect(told).toEqual([
      ['broken', 'art_a'],
      ['broken', 'art_b'],
      ['gone', 'art_b'],
      ['broken', 'art_a'],
    ])
  })
})
