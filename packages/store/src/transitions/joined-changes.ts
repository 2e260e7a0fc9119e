import type { Changes } from '@flotta/runtime/ports'

/** What several transitions changed, of an artifact each. */
export function joined(all: readonly Changes[]): Changes {
  return {
    readyFor: [...new Set(all.flatMap(({ readyFor }) => readyFor))],
    artifactIds: all.flatMap(({ artifactIds }) => artifactIds),
  }
}
