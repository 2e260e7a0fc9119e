import { afterAll, beforeAll, describe } from 'vitest'
import type { Store } from '../ports/store.ts'
import { artifactRules } from './rules/artifact-rules.ts'
import { batchRules } from './rules/batch-rules.ts'
import { cancelRules } from './rules/cancel-rules.ts'
import { claimRules } from './rules/claim-rules.ts'
import { completionRules } from './rules/completion-rules.ts'
import { componentRules } from './rules/component-rules.ts'
import { concurrencyRules } from './rules/concurrency-rules.ts'
import { datasourceRules } from './rules/datasource-rules.ts'
import { eventRules } from './rules/event-rules.ts'
import { failureRules } from './rules/failure-rules.ts'
import { fairnessRules } from './rules/fairness-rules.ts'
import { inventoryRules } from './rules/inventory-rules.ts'
import { leaseRules } from './rules/lease-rules.ts'
import { leftoverRules } from './rules/leftover-rules.ts'
import { modelRules } from './rules/model-rules.ts'
import { networkRules } from './rules/network-rules.ts'
import { projectRules } from './rules/project-rules.ts'
import { quorumRules } from './rules/quorum-rules.ts'
import { resourceRules } from './rules/resource-rules.ts'
import { roundRules } from './rules/round-rules.ts'
import { storeRules } from './rules/store-rules.ts'

/**
 * Registers the rules that every `Store` keeps as tests of vitest.
 *
 * `open` gives an empty store, is called once, and the store is disposed at the end. Where several processes may serve one node, `openAgain`
 * gives what another one of them has: the rules on what happens at the same time then hold between them.
 */
export function storeConformance(name: string, open: () => Promise<Store>, openAgain?: () => Promise<Store>): void {
  describe(`store conformance: ${name}`, () => {
    const opened: Store[] = []
    const store = (): Store => {
      const [first] = opened
      if (first === undefined) throw new Error('the store is not open')
      return first
    }
    beforeAll(async () => {
      opened.push(await open())
      if (openAgain !== undefined) opened.push(await openAgain())
    })
    afterAll(async () => {
      for (const each of opened) await each[Symbol.asyncDispose]()
    })
    describe('store', () => storeRules(store))
    describe('components', () => componentRules(store))
    describe('projects', () => projectRules(store))
    describe('the network', () => networkRules(store))
    describe('datasources', () => datasourceRules(store))
    describe('artifacts', () => artifactRules(store))
    describe('events', () => eventRules(store))
    describe('claims', () => claimRules(store))
    describe('turns', () => fairnessRules(store))
    describe('leases', () => leaseRules(store))
    describe('completions', () => completionRules(store))
    describe('rounds', () => roundRules(store))
    describe('failures', () => failureRules(store))
    describe('quorum and deadline', () => quorumRules(store))
    describe('cancelling', () => cancelRules(store))
    describe('leftovers', () => leftoverRules(store))
    describe('against the model', () => modelRules(store))
    describe('resources', () => resourceRules(store))
    describe('inventory', () => inventoryRules(store))
    describe('many at the same time', () => concurrencyRules(store, () => opened))
    describe('by the batch', () => batchRules(store))
  })
}
