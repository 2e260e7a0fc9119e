import { randomBytes } from 'node:crypto'
import { type ComponentId, makeId, type Task } from '@flotta/contract'
import { generateIdentity } from '@flotta/crypto'

/** A task as a node hands it out. */
export function newTask(changes: Partial<Task> = {}): Task {
  const id = <const P extends Parameters<typeof makeId>[0]>(prefix: P) => makeId(prefix, randomBytes(26))
  return {
    jobId: id('job'),
    artifactId: id('art'),
    projectId: id('prj'),
    stepIndex: 0,
    operation: { kind: 'Aggregation', strategy: 'merge' },
    epoch: 1,
    leaseMs: 30_000,
    inputs: [{ resourceId: id('res'), producer: generateIdentity().id as ComponentId }],
    used: [],
    contents: [],
    output: { resourceId: id('res'), recipients: [generateIdentity().document as Task['output']['recipients'][number]] },
    until: null,
    ...changes,
  }
}
