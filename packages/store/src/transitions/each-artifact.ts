import type { Changes } from '@flotta/runtime/ports'
import type { Database } from '../database.ts'
import { ArtifactTransition } from './artifact-transition.ts'

/** Does the same to some artifacts, each in a transaction of its own, so that one that goes wrong holds up no other. */
export async function eachArtifact(
  database: Database,
  numbers: readonly number[],
  work: (transition: ArtifactTransition) => Promise<void>,
): Promise<Changes> {
  const all: Changes[] = []
  for (const number of numbers) {
    all.push(
      await database.write(async (statements) => {
        const transition = await ArtifactTransition.begin(statements, database.dialect, number)
        await work(transition)
        return transition.save()
      }),
    )
  }
  return {
    readyFor: [...new Set(all.flatMap(({ readyFor }) => readyFor))],
    artifactIds: all.flatMap(({ artifactIds }) => artifactIds),
  }
}
