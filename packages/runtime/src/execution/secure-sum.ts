import { randomFillSync } from 'node:crypto'
import {
  type AdditiveCodec,
  addInRing,
  fromRing,
  type RingField,
  type RingVector,
  subtractInRing,
  toRing,
  wordsOf,
} from '@flotta/algorithms'
import { FlottaError, keyValueOf, type Levels, MIN_SECURE_SUM_SITES, type SecureSumJob } from '@flotta/contract'
import type { SiteRecords } from '../data/site-records.ts'
import type { TableCache } from '../data/table-cache.ts'
import { assertSummable } from '../plan/secure-sum-domain.ts'
import type { ExecutionRequest, HeldProduct } from '../ports/task-executor.ts'
import { selectEnough } from './estimate.ts'
import type { Family, OfSites } from './estimators/family.ts'
import { withFamily } from './estimators/registry.ts'
import { readProduct } from './held-product.ts'
import { decodeMaskedSum, encodeMaskedSum } from './masked-sum.ts'
import type { OperationResult } from './operation-result.ts'
import { encodeProduct } from './product.ts'

/**
 * This site's part of a sum that goes round under a mask.
 *
 * Whoever takes the mask off first makes sure that the sum is of enough sites: a node that has sites left out, to see what one of
 * them added, gets nothing.
 *
 * @throws {FlottaError} `disclosure_refused`, and `invalid_resource` when what came is no sum of this plan
 */
export async function secureSum(job: SecureSumJob, request: ExecutionRequest, tables: TableCache): Promise<OperationResult> {
  assertSummable(job.estimator, job.levels)
  return { product: await withFamily(job.estimator, (family) => doPart(family, job, request, tables)), metrics: null }
}

async function doPart<State extends OfSites>(
  family: Family<State>,
  job: SecureSumJob,
  request: ExecutionRequest,
  tables: TableCache,
): Promise<Uint8Array> {
  const codec = family.additive(job.estimator, job.levels)
  const { fields } = codec
  switch (job.part) {
    case 'mask':
      return encodeMaskedSum(job, randomFillSync(new BigInt64Array(wordsOf(fields))))
    case 'add': {
      const before = await vectorOf(job, fields, request.inputs)
      const records = await selectEnough(job.query, request, tables)
      const state = await family.summarise(job.estimator, records, request.policy)
      // In the places of the plan's levels, under the names that they have here.
      const own = family.additive(job.estimator, levelsAt(records, job.levels)).encode(state)
      return encodeMaskedSum(job, addInRing(fields, before, toRing(fields, own)))
    }
    case 'unmask': {
      const [total, mask] = [await vectorOf(job, fields, request.inputs), await vectorOf(job, fields, request.used)]
      const state = decode(codec, subtractInRing(fields, total, mask))
      return encodeProduct({ kind: 'Summary', estimator: job.estimator, state })
    }
    default:
      return job.part satisfies never
  }
}

/**
 * The agreed values of keys as groups of this site have them.
 *
 * @throws {FlottaError} `unsuitable_feature` for one that no record could have, and where two are the same: it would be added twice
 */
function levelsAt(records: SiteRecords, levels: Levels): Levels {
  return levels.map(({ feature, values }) => {
    const { type } = records.column(feature)
    const own = values.flatMap((value) => keyValueOf(value, type) ?? [])
    if (new Set(own).size < values.length)
      throw new FlottaError('unsuitable_feature', `The levels of "${feature}" are no values of type ${type}, each there once.`)
    return { feature, values: own }
  })
}

async function vectorOf(job: SecureSumJob, fields: readonly RingField[], products: readonly HeldProduct[]): Promise<RingVector> {
  const [product, ...others] = products
  if (product === undefined || others.length > 0)
    throw new FlottaError('invalid_resource', 'A masked sum goes from one site to one.')
  return decodeMaskedSum(job, wordsOf(fields), await readProduct(product))
}

function decode<State extends OfSites>(codec: AdditiveCodec<State>, total: RingVector): State {
  const state = stateOf(codec, total)
  if (state.sites < MIN_SECURE_SUM_SITES)
    throw new FlottaError(
      'disclosure_refused',
      `The sum is of ${state.sites} sites; of fewer than ${MIN_SECURE_SUM_SITES} none is told.`,
    )
  return state
}

function stateOf<State>(codec: AdditiveCodec<State>, total: RingVector): State {
  try {
    return codec.decode(fromRing(codec.fields, total))
  } catch (error) {
    throw new FlottaError('invalid_resource', 'What came round is no sum of this plan.', { cause: error })
  }
}
