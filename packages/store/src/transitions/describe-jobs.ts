import type { ComponentId, JobId, JobOperation, ProjectId, ResourceId } from '@flotta/contract'
import type { ClaimedJob } from '@flotta/runtime/ports'
import { componentsOf } from '../components.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { fromText } from '../json.ts'
import { listOf } from '../list-of.ts'
import type { Statements } from '../statements.ts'
import type { ArtifactTransition, MovedJob } from './artifact-transition.ts'
import { contentsOf, inputsOf, type Product, productsOf, smallOnes } from './job-products.ts'
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

/** Everything that is needed to run jobs of one artifact, by their ids: what they share is read once. */
export async function describeJobs(
  { statements, number, id: artifactId }: ArtifactTransition,
  jobs: readonly MovedJob[],
): Promise<ReadonlyMap<string, ClaimedJob>> {
  const outlines = await outlinesOf(statements, number, jobs)
  const needs = await needsOf(statements, number, outlines)
  const readers = distinct(outlines.flatMap(({ readers, lastReaders }) => [...readers, ...lastReaders]))
  const components = await componentsOf(statements, readers)
  const recipients = (ids: readonly ComponentId[]) => ids.map((id) => named(components, id))
  const described = outlines.map(({ row, stop, readers, lastReaders }, index): [string, ClaimedJob] => {
    const { inputs, used, previous, contents } = needs[index]!
    const until = stop &&
      previous && { criterion: stop.criterion, previous: previous.produced, recipients: recipients(lastReaders) }
    const job = {
      id: row.id as JobId,
      artifactId,
      projectId: row.project_id as ProjectId,
      stepIndex: Number(row.step_index),
      componentId: row.component_id as ComponentId,
      operation: fromText<JobOperation>(row.operation),
      epoch: Number(row.epoch),
      outputId: row.output_id as ResourceId,
      recipients: recipients(readers),
      inputs: inputs.map(({ produced }) => produced),
      used: used.map(({ produced }) => produced),
      contents,
      until,
    }
    return [row.id, job]
  })
  return new Map(described)
}

/** The products that a job reads. */
interface Needs {
  readonly inputs: readonly Product[]
  readonly used: readonly Product[]
  readonly previous: Product | undefined
  readonly contents: ClaimedJob['contents']
}

async function needsOf(statements: Statements, artifactNumber: number, outlines: readonly Outline[]): Promise<Needs[]> {
  const inputs = await inputsOf(statements, artifactNumber, distinct(outlines.map(({ row }) => row.waits_for)))
  const products = await productsOf(statements, distinct(outlines.flatMap(({ uses, stop }) => [...uses, stop?.previous])))
  const needs = outlines.map(({ row, uses, stop }) => ({
    inputs: row.waits_for === null ? [] : (inputs.get(Number(row.waits_for)) ?? []),
    used: uses.map((each) => named(products, each)),
    previous: stop && named(products, stop.previous),
  }))
  const small = needs.map(({ inputs, used, previous }) => smallOnes([...inputs, ...used, ...(previous ? [previous] : [])]))
  const contents = await contentsOf(statements, distinct(small.flat()))
  const held = (ids: readonly ResourceId[]) =>
    new Map(ids.flatMap((id): [ResourceId, Uint8Array][] => (contents.has(id) ? [[id, contents.get(id)!]] : [])))
  return needs.map((each, index) => ({ ...each, contents: held(small[index]!) }))
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

function distinct<T>(values: readonly (T | null | undefined)[]): T[] {
  return [...new Set(values)].filter((value) => value !== null && value !== undefined)
}

function named<T>(all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id)
  if (found === undefined) throw new RangeError(`what a job needs is not there: ${id}`)
  return found
}
