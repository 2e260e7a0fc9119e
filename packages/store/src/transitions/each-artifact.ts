import { toError } from '@flotta/contract'
import type { ArtifactProblem, Changes, Looked } from '@flotta/runtime/ports'
import type { Database } from '../database.ts'
import { ArtifactTransition } from './artifact-transition.ts'
import { joined } from './joined-changes.ts'

/** An artifact that is overdue. */
export interface OverdueArtifact {
  readonly number: number
  readonly id: string
}

/**
 * Does the same to some artifacts, each in a transaction of its own: one that goes wrong holds up no other, and one that another
 * transition holds is passed over. Where the database itself is away, the rest is left.
 */
export async function eachArtifact(
  database: Database,
  artifacts: readonly OverdueArtifact[],
  work: (transition: ArtifactTransition) => Promise<void>,
): Promise<Looked> {
  const all: Changes[] = []
  const problems: ArtifactProblem[] = []
  for (const { number, id } of artifacts) {
    try {
      all.push(await within(database, number, work))
    } catch (error) {
      problems.push({ artifactId: id as ArtifactProblem['artifactId'], error: toError(error) })
      if (!(await answers(database))) break
    }
  }
  return { ...joined(all), problems }
}

function within(database: Database, number: number, work: (transition: ArtifactTransition) => Promise<void>): Promise<Changes> {
  return database.write(async (statements) => {
    const transition = await ArtifactTransition.beginUnlessHeld(statements, database.dialect, number)
    if (transition === undefined) return joined([])
    await work(transition)
    return transition.save()
  })
}

function answers(database: Database): Promise<boolean> {
  return database.nowMs().then(
    () => true,
    () => false,
  )
}
