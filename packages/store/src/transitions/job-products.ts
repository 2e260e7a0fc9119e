import { type ComponentId, type ResourceId, SMALL_PRODUCT_BYTES } from '@flotta/contract'
import { type ProducedResource, TASK_CONTENT_BYTES } from '@flotta/runtime/ports'
import { bytesOf } from '../bytes.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { listOf } from '../list-of.ts'
import type { Statements } from '../statements.ts'

/** What a completed job has made. */
export interface Product {
  readonly produced: ProducedResource
  readonly bytes: number
}

interface ProductRow {
  readonly output_id: string
  readonly component_id: string
  readonly output_digest: string
  readonly output_bytes: bigint | number
  readonly feeds: number | null
}

const productColumns = Prisma.sql`output_id, component_id, output_digest, output_bytes, feeds`

/** What was completed before each barrier, by ordinal. */
export async function inputsOf(
  statements: Statements,
  artifactNumber: number,
  barriers: readonly number[],
): Promise<Map<number, Product[]>> {
  const inputs = new Map<number, Product[]>()
  for (const barrier of barriers) {
    const rows = await statements.rows<ProductRow>(Prisma.sql`
      SELECT ${productColumns} FROM job
      WHERE artifact_number = ${artifactNumber} AND feeds = ${barrier} AND status = 'COMPLETED' ORDER BY ordinal`)
    inputs.set(Number(barrier), rows.map(productOf))
  }
  return inputs
}

/** Products by their ids. */
export async function productsOf(statements: Statements, ids: readonly ResourceId[]): Promise<Map<string, Product>> {
  if (ids.length === 0) return new Map()
  const rows = await statements.rows<ProductRow>(Prisma.sql`
    SELECT ${productColumns} FROM job WHERE output_id IN ${listOf(ids)} AND status = 'COMPLETED'`)
  return new Map(rows.map((row) => [row.output_id, productOf(row)]))
}

function productOf(row: ProductRow): Product {
  const { output_id, component_id, output_digest: digest, output_bytes } = row
  const produced = { resourceId: output_id as ResourceId, producer: component_id as ComponentId, digest }
  return { produced, bytes: Number(output_bytes) }
}

/** The products that may go with a task: the small ones, in order, up to what a task may hold. */
export function smallOnes(products: readonly Product[]): ResourceId[] {
  let room = TASK_CONTENT_BYTES
  return products.flatMap(({ produced, bytes }) => {
    if (bytes > SMALL_PRODUCT_BYTES || bytes > room) return []
    room -= bytes
    return [produced.resourceId]
  })
}

/** The bytes of those that the store holds itself. */
export async function contentsOf(statements: Statements, ids: readonly ResourceId[]): Promise<Map<ResourceId, Uint8Array>> {
  if (ids.length === 0) return new Map()
  const rows = await statements.rows<{ output_id: ResourceId; content: ArrayBuffer | Uint8Array }>(Prisma.sql`
    SELECT output_id, content FROM small_product WHERE output_id IN ${listOf(ids)}`)
  return new Map(rows.map(({ output_id, content }) => [output_id, bytesOf(content)]))
}
