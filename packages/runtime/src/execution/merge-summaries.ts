import { type Estimator, estimatorSchema, FlottaError, type StatisticValue } from '@flotta/contract'
import { z } from 'zod'
import { withFamily } from './estimators/registry.ts'

const summarySchema = z.strictObject({ kind: z.literal('Summary'), estimator: estimatorSchema, state: z.unknown() })

/**
 * The value of what the sites handed over, in the order of the inputs.
 *
 * @throws {FlottaError} `invalid_resource` when a summary is damaged, or they are not of one estimator
 */
export function mergeSummaries(descriptions: readonly unknown[]): StatisticValue {
  const summaries = descriptions.map((description) => parse(summarySchema, description))
  const estimator = commonEstimator(summaries.map((summary) => summary.estimator))
  return withFamily(estimator, (family) => {
    const states = summaries.map(({ state }) => parse(family.state, state))
    try {
      return family.value(estimator, states.reduce(family.merge))
    } catch (error) {
      throw new FlottaError('invalid_resource', 'The summaries of the sites can not be merged.', { cause: error })
    }
  })
}

function commonEstimator([first, ...others]: readonly Estimator[]): Estimator {
  if (first === undefined) throw new FlottaError('invalid_resource', 'There is nothing to merge.')
  const text = JSON.stringify(first)
  if (others.some((other) => JSON.stringify(other) !== text))
    throw new FlottaError('invalid_resource', 'The sites produced different kinds of summaries.')
  return first
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new FlottaError('invalid_resource', undefined, { cause: parsed.error })
  return parsed.data
}
