import {
  type ComponentId,
  type JobId,
  type JobOperation,
  type ProjectId,
  type ResourceId,
  SMALL_PRODUCT_BYTES,
} from '@flotta/contract'
import { type ClaimedJob, type ComponentRecord, type ProducedResource, TASK_CONTENT_BYTES } from '@flotta/runtime/ports'
import { bytesOf } from '../bytes.ts'
import { type ComponentRow, componentOf } from '../components.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { fromText } from '../json.ts'
import { listOf } from '../list-of.ts'
import type { Statements } from '../statements.ts'
import type { ArtifactTransition, MovedJob } from './artifact-transition.ts'
import { type StoredStop, storedStop } from './stored-stop.ts'

interface DescribedRow {
  readonly id: string
  readonly project_id: string
  readonly step_index: number
  readonly component_id: string
  readonly operation: string
  readonly epoch: number
  readonly output_id: string
  readonly waits_for: number | null
  readonly uses: string | null
  readonly until: string | null
  readonly component_ids: string
}

/** A job as far as its own row goes. */
interface Outline {
  readonly row: DescribedRow
  readonly uses: readonly ResourceId[]
  readonly stop: StoredStop | undefined
  readonly readers: readonly ComponentId[]
  /** Who reads the product where the rounds end with this job. */
  readonly lastReaders: readonly ComponentId[]
}

interface Product {
  readonly produced: ProducedResource
  readonly bytes: number
}

/** Everything that is needed to run jobs of one artifact, by their ids: what they share is read once. */
export async function describeJobs(
  { statements, number, id: artifactId }: ArtifactTransition,
  jobs: readonly MovedJob[],
): Promise<ReadonlyMap<string, ClaimedJob>> {
  const outlines = await outlinesOf(statements, number, jobs)
  const inputs = await inputsOf(statements, number, distinct(outlines.map(({ row }) => row.waits_for)))
  const products = await productsOf(statements, distinct(outlines.flatMap(({ uses, stop }) => [...uses, stop?.previous])))
  const components = await componentsOf(
    statements,
    distinct(outlines.flatMap(({ readers, lastReaders }) => [readers, lastReaders].flat())),
  )
  const needs = outlines.map(({ row, uses, stop }) => ({
    inputs: row.waits_for === null ? [] : (inputs.get(Number(row.waits_for)) ?? []),
    used: uses.map((each) => named(products, each)),
    previous: stop && named(products, stop.previous),
  }))
  const small = needs.map(({ inputs, used, previous }) => smallOnes([...inputs, ...used, ...(previous ? [previous] : [])]))
  const contents = await contentsOf(statements, distinct(small.flat()))
  return new Map(
    outlines.map(({ row, stop, readers, lastReaders }, index) => [
      row.id,
      {
        id: row.id as JobId,
        artifactId,
        projectId: row.project_id as ProjectId,
        stepIndex: Number(row.step_index),
        componentId: row.component_id as ComponentId,
        operation: fromText<JobOperation>(row.operation),
        epoch: Number(row.epoch),
        outputId: row.output_id as ResourceId,
        recipients: readers.map((each) => named(components, each)),
        inputs: needs[index]!.inputs.map(({ produced }) => produced),
        used: needs[index]!.used.map(({ produced }) => produced),
        contents: new Map(small[index]!.flatMap((each) => (contents.has(each) ? [[each, contents.get(each)!]] : []))),
        until: stop && {
          criterion: stop.criterion,
          previous: needs[index]!.previous!.produced,
          recipients: lastReaders.map((each) => named(components, each)),
        },
      },
    ]),
  )
}

async function outlinesOf(statements: Statements, artifactNumber: number, jobs: readonly MovedJob[]): Promise<Outline[]> {
  const rows = await statements.rows<DescribedRow>(Prisma.sql`
    SELECT j.id, a.project_id, j.step_index, j.component_id, o.operation, j.epoch, j.output_id, j.waits_for, j.uses, j.until, u.component_ids
    FROM job j
      JOIN artifact a ON a.number = j.artifact_number
      JOIN operation o ON o.artifact_number = j.artifact_number AND o."index" = j.operation_index
      JOIN audience u ON u.artifact_number = j.artifact_number AND u."index" = j.audience_index
    WHERE j.id IN ${listOf(jobs.map(({ id }) => id))}`)
  if (rows.length !== jobs.length) throw new RangeError('a claimed job has no operation or no audience')
  const stops = rows.map(({ until }) => storedStop(until))
  const audiences = await audiencesOf(statements, artifactNumber, distinct(stops.map((stop) => stop?.audienceIndex)))
  return rows.map((row, index) => {
    const stop = stops[index]
    return {
      row,
      uses: row.uses === null ? [] : fromText<ResourceId[]>(row.uses),
      stop,
      readers: fromText<ComponentId[]>(row.component_ids),
      lastReaders: stop ? (audiences.get(stop.audienceIndex) ?? []) : [],
    }
  })
}

async function audiencesOf(
  statements: Statements,
  artifactNumber: number,
  indexes: readonly number[],
): Promise<Map<number, ComponentId[]>> {
  if (indexes.length === 0) return new Map()
  const rows = await statements.rows<{ index: number; component_ids: string }>(Prisma.sql`
    SELECT "index", component_ids FROM audience WHERE artifact_number = ${artifactNumber} AND "index" IN (${Prisma.join([...indexes])})`)
  return new Map(rows.map(({ index, component_ids }) => [Number(index), fromText<ComponentId[]>(component_ids)]))
}

async function componentsOf(statements: Statements, ids: readonly ComponentId[]): Promise<Map<string, ComponentRecord>> {
  if (ids.length === 0) return new Map()
  const rows = await statements.rows<ComponentRow>(Prisma.sql`
    SELECT id, kind, name, key, url, state, home_id AS "homeId" FROM component WHERE id IN ${listOf(ids)}`)
  return new Map(rows.map((row) => [row.id, componentOf(row)]))
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
async function inputsOf(
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

async function productsOf(statements: Statements, ids: readonly ResourceId[]): Promise<Map<string, Product>> {
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
function smallOnes(products: readonly Product[]): ResourceId[] {
  let room = TASK_CONTENT_BYTES
  return products.flatMap(({ produced, bytes }) => {
    if (bytes > SMALL_PRODUCT_BYTES || bytes > room) return []
    room -= bytes
    return [produced.resourceId]
  })
}

/** Of those that the store holds itself. */
async function contentsOf(statements: Statements, ids: readonly ResourceId[]): Promise<Map<ResourceId, Uint8Array>> {
  if (ids.length === 0) return new Map()
  const rows = await statements.rows<{ output_id: ResourceId; content: ArrayBuffer | Uint8Array }>(Prisma.sql`
    SELECT output_id, content FROM small_product WHERE output_id IN ${listOf(ids)}`)
  return new Map(rows.map(({ output_id, content }) => [output_id, bytesOf(content)]))
}

function distinct<T>(values: readonly (T | null | undefined)[]): T[] {
  return [...new Set(values)].filter((value) => value !== null && value !== undefined)
}

function named<T>(all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id)
  if (found === undefined) throw new RangeError(`what a job needs is not there: ${id}`)
  return found
}
