import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { artifactIdSchema, jobIdSchema, makeId } from '../src/index.ts'

describe('ids', () => {
  it('a made id fits its own schema and no other', () => {
    const id = makeId('art', randomBytes(26))
    expect(artifactIdSchema.safeParse(id).success).toBe(true)
    expect(jobIdSchema.safeParse(id).success).toBe(false)
  })

  it.each([
    '../../../../evil',
    'art_',
    `art_${'a'.repeat(25)}`,
    `art_${'a'.repeat(27)}`,
    `ART_${'a'.repeat(26)}`,
    `art_${'a'.repeat(25)}/`,
    `art_${'a'.repeat(26)}\n`,
  ])('refuses %j, so no id is a path (A18)', (text) => {
    expect(artifactIdSchema.safeParse(text).success).toBe(false)
  })

  it('needs enough random bytes', () => {
    expect(() => makeId('job', randomBytes(25))).toThrow(RangeError)
  })
})
