import { type ComponentId, jobStatesBefore } from '@flotta/contract'
import type { Changes, ClaimedJob } from '@flotta/runtime/ports'
import { Batcher } from '../batcher.ts'
import type { Database } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { listOf } from '../list-of.ts'
import type { Statements } from '../statements.ts'
import { ArtifactTransition, type MovedJob } from './artifact-transition.ts'
import { describeJobs } from './describe-jobs.ts'

export interface Claim {
  readonly job: ClaimedJob
  readonly changes: Changes
}

interface NextJob {
  readonly id: string
  readonly component_id: string
  readonly artifact_number: number
  /** Projects that the component has jobs of. */
  readonly projects: number
}

interface Take {
  readonly job: NextJob
  readonly leaseMs: number
}

/**
 * Hands out the job whose turn it is.
 *
 * The look for it locks nothing, so that the many who ask in vain cost a part of one read. Its artifact is then locked and the job taken, with those
 * of the same artifact that are claimed at the same time, if it is still there: when somebody else was faster, the look starts again, and
 * each further round means that one job was claimed.
 */
export class Claims {
  readonly #looks: Batcher<'components', ComponentId, NextJob | undefined>
  readonly #takes: Batcher<number, Take, Claim | undefined>

  constructor(database: Database) {
    this.#looks = new Batcher({
      answer: (componentIds) => database.read((statements) => nextJobs(statements, database.dialect, componentIds)),
    })
    this.#takes = new Batcher({
      answer: (takes, artifactNumber) =>
        database.write((statements) => takeWithin(statements, database.dialect, artifactNumber, takes)),
    })
  }

  async claim(componentId: ComponentId, leaseMs: number): Promise<Claim | undefined> {
    for (;;) {
      const job = await this.#looks.ask('components', componentId)
      if (job === undefined) return undefined
      const claim = await this.#takes.ask(Number(job.artifact_number), { job, leaseMs })
      if (claim !== undefined) return claim
    }
  }
}

/** The next job of each component. Projects take turns; within a project the job comes first that has been READY for longest. */
async function nextJobs(
  statements: Statements,
  { nowMs }: Dialect,
  componentIds: readonly ComponentId[],
): Promise<(NextJob | undefined)[]> {
  const [status] = jobStatesBefore('claim')
  const rows = await statements.rows<NextJob>(Prisma.sql`
    SELECT j.id, j.component_id, j.artifact_number, (SELECT count(*) FROM turn WHERE component_id = j.component_id) AS projects
    FROM job j JOIN (
      SELECT served, (
        SELECT id FROM job WHERE component_id = t.component_id AND project_id = t.project_id AND status = ${status}
          AND ready_at_ms <= ${nowMs}
        ORDER BY ready_at_ms, artifact_number, ordinal LIMIT 1) AS job_id
      FROM turn t WHERE t.component_id IN ${listOf(componentIds)}) due ON due.job_id = j.id
    ORDER BY due.served DESC, j.artifact_number DESC`)
  // The first of each component comes last.
  const next = new Map(rows.map((row) => [row.component_id, row]))
  return componentIds.map((id) => next.get(id))
}

async function takeWithin(
  statements: Statements,
  dialect: Dialect,
  artifactNumber: number,
  takes: readonly Take[],
): Promise<(Claim | undefined)[]> {
  const transition = await ArtifactTransition.begin(statements, dialect, artifactNumber)
  transition.moveArtifact('start')
  // Two questions of one component may have found the same job, which the first of them gets.
  const wanted = new Map([...takes].reverse().map((take) => [take.job.id, take]))
  const moved = await transition.moveJobs('claim', {
    given: [...wanted.values()].map(({ job, leaseMs }) => Prisma.sql`(${job.id}, CAST(${leaseMs} AS BIGINT))`),
    where: Prisma.sql`id = given.column1 AND ready_at_ms <= ${dialect.nowMs}`,
    set: Prisma.sql`, epoch = epoch + 1, attempts = attempts + 1, ready_at_ms = NULL, lease_until_ms = ${dialect.nowMs} + given.column2`,
  })
  if (moved.length === 0) return takes.map(() => undefined)
  const changes = await transition.save()
  const described = await describeJobs(transition, moved)
  for (const job of moved) if (Number(wanted.get(job.id)?.job.projects) > 1) await takeTurn(statements, job)
  return takes.map((take) => {
    const job = wanted.get(take.job.id) === take ? described.get(take.job.id) : undefined
    return job && { job, changes }
  })
}

/** Puts the project behind all others of the component; one that is alone is always next. */
async function takeTurn(statements: Statements, { component_id, project_id }: MovedJob): Promise<void> {
  await statements.run(Prisma.sql`
    UPDATE turn SET served = (SELECT max(served) + 1 FROM turn WHERE component_id = ${component_id})
    WHERE component_id = ${component_id} AND project_id = ${project_id}`)
}
