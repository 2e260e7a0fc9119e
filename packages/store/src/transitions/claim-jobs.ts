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

interface Look {
  readonly componentId: ComponentId
  /** Numbers of artifacts whose jobs are left out. */
  readonly passedOver: readonly number[]
}

interface Take {
  readonly job: NextJob
  readonly leaseMs: number
}

/** What becomes of an attempt to take a job: another transition of its artifact may hold it, or somebody else was faster. */
type Taken = Claim | 'held' | 'gone'

/**
 * Hands out the job whose turn it is.
 *
 * The look for it locks nothing, so that the many who ask in vain cost a part of one read. Its artifact is then locked and the job taken, with those
 * of the same artifact that are claimed at the same time, if it is still there: when somebody else was faster, the look starts again, and
 * each further round means that one job was claimed.
 *
 * An artifact that another transition holds is passed over for the component's next job of another one; it keeps its turn. Where there is no other
 * the claim waits for it. A transition is short, but its process may be stopped, or its machine gone, in the middle of it.
 */
export class Claims {
  readonly #looks: Batcher<string, Look, NextJob | undefined>
  readonly #tries: Batcher<number, Take, Taken>
  /** Apart from the tries, which must not queue behind a batch that waits for a lock. */
  readonly #waits: Batcher<number, Take, Taken>

  constructor(database: Database) {
    const { dialect } = database
    const taking = (begin: typeof ArtifactTransition.beginUnlessHeld) =>
      new Batcher<number, Take, Taken>({
        answer: (takes, artifactNumber) =>
          database.write(async (statements) => {
            const transition = await begin(statements, dialect, artifactNumber)
            return transition === undefined ? takes.map(() => 'held') : takeWithin(transition, takes)
          }),
      })
    this.#looks = new Batcher({
      answer: (looks) => database.read((statements) => nextJobs(statements, dialect, looks)),
    })
    this.#tries = taking(ArtifactTransition.beginUnlessHeld)
    this.#waits = taking(ArtifactTransition.begin)
  }

  async claim(componentId: ComponentId, leaseMs: number): Promise<Claim | undefined> {
    let held: NextJob[] = []
    for (;;) {
      const passedOver = held.map((job) => Number(job.artifact_number))
      const free = await this.#looks.ask(passedOver.join(), { componentId, passedOver })
      const job = free ?? held[0]
      if (job === undefined) return undefined
      const way = free === undefined ? this.#waits : this.#tries
      const taken = await way.ask(Number(job.artifact_number), { job, leaseMs })
      switch (taken) {
        case 'held':
          held.push(job)
          break
        case 'gone':
          if (free === undefined) held = []
          break
        default:
          return taken
      }
    }
  }
}

/**
 * The next job of each component. Projects take turns; within a project the job comes first that has been READY for longest.
 *
 * @param looks all of them pass over the same artifacts
 */
async function nextJobs(statements: Statements, { nowMs }: Dialect, looks: readonly Look[]): Promise<(NextJob | undefined)[]> {
  const [status] = jobStatesBefore('claim')
  const componentIds = looks.map(({ componentId }) => componentId)
  const passedOver = looks[0]?.passedOver ?? []
  const elsewhere =
    passedOver.length === 0 ? Prisma.empty : Prisma.sql`AND artifact_number NOT IN (${Prisma.join([...passedOver])})`
  const rows = await statements.rows<NextJob>(Prisma.sql`
    SELECT j.id, j.component_id, j.artifact_number, (SELECT count(*) FROM turn WHERE component_id = j.component_id) AS projects
    FROM job j JOIN (
      SELECT served, (
        SELECT id FROM job WHERE component_id = t.component_id AND project_id = t.project_id AND status = ${status}
          AND ready_at_ms <= ${nowMs} ${elsewhere}
        ORDER BY ready_at_ms, artifact_number, ordinal LIMIT 1) AS job_id
      FROM turn t WHERE t.component_id IN ${listOf(componentIds)}) due ON due.job_id = j.id
    ORDER BY due.served DESC, j.artifact_number DESC`)
  // The first of each component comes last.
  const next = new Map(rows.map((row) => [row.component_id, row]))
  return componentIds.map((id) => next.get(id))
}

async function takeWithin(transition: ArtifactTransition, takes: readonly Take[]): Promise<Taken[]> {
  const { nowMs } = transition.dialect
  transition.moveArtifact('start')
  // Two questions of one component may have found the same job, which the first of them gets.
  const wanted = new Map([...takes].reverse().map((take) => [take.job.id, take]))
  const moved = await transition.moveJobs('claim', {
    given: [...wanted.values()].map(({ job, leaseMs }) => Prisma.sql`(${job.id}, CAST(${leaseMs} AS BIGINT))`),
    where: Prisma.sql`id = given.column1 AND ready_at_ms <= ${nowMs}`,
    set: Prisma.sql`, epoch = epoch + 1, attempts = attempts + 1, ready_at_ms = NULL, lease_until_ms = ${nowMs} + given.column2`,
  })
  if (moved.length === 0) return takes.map(() => 'gone')
  const changes = await transition.save()
  const described = await describeJobs(transition, moved)
  for (const job of moved) if (Number(wanted.get(job.id)?.job.projects) > 1) await takeTurn(transition, job)
  return takes.map((take) => {
    const job = wanted.get(take.job.id) === take ? described.get(take.job.id) : undefined
    return job === undefined ? 'gone' : { job, changes }
  })
}

/**
 * Puts the project behind all others of the component; one that is alone is always next. Where another transition is doing just that, it is
 * enough: so two claims of the component never wait for each other.
 */
async function takeTurn({ statements, dialect }: ArtifactTransition, { component_id, project_id }: MovedJob): Promise<void> {
  await statements.run(Prisma.sql`
    UPDATE turn SET served = (SELECT max(served) + 1 FROM turn WHERE component_id = ${component_id})
    WHERE component_id = ${component_id} AND project_id = (
      SELECT project_id FROM turn WHERE component_id = ${component_id} AND project_id = ${project_id} ${dialect.forUpdateOfFree})`)
}
