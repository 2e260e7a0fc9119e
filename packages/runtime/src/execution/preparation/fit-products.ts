import {
  decodeJson,
  decodeTensors,
  type Expression,
  encodeJson,
  encodeTensors,
  type FeatureStatistics,
  fittedExpressions,
  type Json,
  mergeFeatureStatistics,
  parseExpression,
} from '@flotta/algorithms'
import { type ColumnTransformer, columnTransformerSchema, FlottaError, fittedTransformersSchema } from '@flotta/contract'
import { z } from 'zod'
import type { HeldProduct } from '../../ports/task-executor.ts'
import { momentsSchema } from '../estimators/state-schemas.ts'
import { readProduct } from '../held-product.ts'

const finite = z.number()
const count = z.number().int().min(0)
const category = z.union([z.string(), z.number(), z.null()])

const statisticsSchema = z.discriminatedUnion('kind', [
  momentsSchema.extend({ kind: z.literal('moments') }),
  z
    .strictObject({ kind: z.literal('distribution'), values: z.array(finite), counts: z.array(count.min(1)) })
    .refine(
      ({ values, counts }) => values.length === counts.length && values.every((value, i) => i === 0 || value > values[i - 1]!),
    ),
  z
    .strictObject({
      kind: z.literal('categories'),
      categories: z.array(category),
      counts: z.array(count),
      others: count,
      hasOthers: z.boolean(),
    })
    .refine(({ categories, counts }) => categories.length === counts.length && new Set(categories).size === categories.length),
])

const place = z.number().int().min(0).max(10_000)
const statisticsProductSchema = z.array(
  z.strictObject({
    place,
    transformer: columnTransformerSchema,
    features: z.array(z.strictObject({ feature: z.string(), statistics: statisticsSchema })),
  }),
)

/** What a site tells of a transformer that is fitted, which stands at this place of the preparation. */
export interface PlacedStatistics {
  readonly place: number
  readonly transformer: ColumnTransformer
  readonly features: readonly FeatureStatistics[]
}

/** What a site hands over of a round of fitting. */
export function encodeFitStatistics(all: readonly PlacedStatistics[]): Uint8Array {
  return encode('FitStatistics', all as unknown as Json)
}

/**
 * The transformers of a round, fitted on what the sites handed over.
 *
 * @param earlier what the rounds before have fitted, to be told along with it
 * @throws {FlottaError} `invalid_resource` when the products are damaged or of different transformers
 * @throws {PreparationError} when the sites have different features, or no site has enough values of one
 */
export function mergeFitStatistics(products: readonly Uint8Array[], earlier: readonly Uint8Array[] = []): Uint8Array {
  const [first, ...others] = products.map((bytes) => decode(bytes, 'FitStatistics', statisticsProductSchema))
  const fitted = (first ?? []).map((own, index) => {
    const same = others.map((other) => other[index])
    const isSame = same.every((other) => other !== undefined && keyOf(other) === keyOf(own))
    if (!isSame) throw new FlottaError('invalid_resource', 'The sites fitted different transformers.')
    const merged = same.map((other) => other!.features as FeatureStatistics[]).reduce(mergeFeatureStatistics, own.features)
    return { place: own.place, transformer: own.transformer, expressions: fittedExpressions(own.transformer, merged) }
  })
  const before = earlier.flatMap((bytes) => decode(bytes, 'FittedTransformers', fittedTransformersSchema))
  return encode('FittedTransformers', [...before, ...fitted].sort((a, b) => a.place - b.place) as unknown as Json)
}

/**
 * What the rounds before have fitted, by the place of the transformer.
 *
 * @throws {FlottaError} `invalid_resource` when a product is damaged or of other transformers than these
 */
export async function readFitted(
  held: readonly HeldProduct[],
  transformers: readonly ColumnTransformer[],
): Promise<Map<number, Expression[]>> {
  const products = await Promise.all(held.map(readProduct))
  const fits = products.flatMap((bytes) => decode(bytes, 'FittedTransformers', fittedTransformersSchema))
  return new Map(
    fits.map(({ place, transformer, expressions }) => {
      if (JSON.stringify(transformer) !== JSON.stringify(transformers[place]))
        throw new FlottaError('invalid_resource', 'What was fitted belongs to another preparation.')
      return [place, readExpressions(expressions)]
    }),
  )
}

function readExpressions(expressions: readonly unknown[]): Expression[] {
  try {
    return expressions.map((expression) => parseExpression(expression as Json))
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}

function keyOf({ place, transformer }: PlacedStatistics | z.infer<typeof statisticsProductSchema>[number]): string {
  return JSON.stringify([place, transformer])
}

function encode(kind: string, content: Json): Uint8Array {
  return encodeTensors({ description: { kind }, tensors: { content: encodeJson(content) } })
}

function decode<T>(bytes: Uint8Array, kind: string, schema: z.ZodType<T>): T {
  try {
    const { description, tensors } = decodeTensors(bytes)
    if ((description as { kind?: unknown } | null)?.kind !== kind) throw new TypeError(`the product is not of kind ${kind}`)
    return schema.parse(decodeJson(tensors.content, 'the content'))
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}
