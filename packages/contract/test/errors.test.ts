import { describe, expect, it } from 'vitest'
import { errorCodes, FlottaError, failureFromUnknown, isFlottaError, problemOf, problemSchema } from '../src/index.ts'

describe('errors', () => {
  it.each(Object.entries(errorCodes))(
    '%s has an HTTP status of an error, a state and a remedy',
    (_, { status, title, remedy }) => {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect(title).toMatch(/\.$/)
      expect(remedy).toMatch(/\.$/)
    },
  )

  it('every problem document fits its schema and comes back as the same error', () => {
    for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[]) {
      const problem = problemSchema.parse(problemOf(code))
      expect(FlottaError.fromProblem(problem).code).toBe(code)
    }
  })

  it('of the way to the node tells nobody by which address a component goes', () => {
    for (const code of ['unavailable', 'node_mismatch', 'node_unreachable'] as const) {
      const failure = failureFromUnknown(new FlottaError(code, 'No answer from the node at https://node.inside.example:1456.'))
      expect(failure.code).toBe(code)
      expect(failure.message).toContain(errorCodes[code].title)
      expect(failure.message).not.toContain('inside.example')
    }
  })

  it('an unexpected error crosses the wire without its message, which may hold data values (B5)', () => {
    const failure = failureFromUnknown(new Error('could not convert "Jane Doe, HIV positive"'))
    expect(failure.code).toBe('internal_error')
    expect(failure.message).not.toContain('Jane')
  })

  it('is recognised without instanceof, across copies of the package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'FlottaError', code: 'not_found' })
    expect(isFlottaError(foreign, 'not_found')).toBe(true)
    expect(isFlottaError(foreign, 'conflict')).toBe(false)
    expect(isFlottaError(new Error('x'))).toBe(false)
  })
})
