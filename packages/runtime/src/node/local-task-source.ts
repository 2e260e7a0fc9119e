import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { TaskSource } from '../worker/task-source.ts'
import type { NodeContext } from './node-context.ts'
import type { Principal } from './principal.ts'
import { downloadResource, uploadResource } from './services/resources.ts'
import { completeJob, failJob, nextTask, renewLease, taskSoon } from './services/tasks.ts'

/** The node's own work, by the same services and under the same rules as a client's, without the network between. */
export function localTaskSource(context: NodeContext): TaskSource {
  const self: Principal = { id: context.id, key: context.key, role: 'node' }
  return {
    next: async (waitS, signal) => (await nextTask(context, self, { waitMs: waitS * 1000 }, signal)).task ?? undefined,
    renew: async ({ jobId, epoch }) => {
      await renewLease(context, context.id, jobId, epoch)
    },
    fetch: async (resourceId, file, signal) => {
      const { stream } = await downloadResource(context, self, resourceId)
      await pipeline(stream, createWriteStream(file, { mode: 0o600 }), { signal })
    },
    deliver: async ({ output }, sealed) => {
      await uploadResource(context, self, output.resourceId, { stream: createReadStream(sealed.path), digest: sealed.digest })
    },
    complete: async ({ jobId, epoch }, sealed, { metrics, stop }, more) => {
      const content = sealed.kind === 'content' ? sealed.content : null
      await completeJob(context, context.id, jobId, { epoch, digest: sealed.digest, metrics, content, stop })
      return more ? ((await taskSoon(context, context.id, 0, context.stopping)) ?? undefined) : undefined
    },
    fail: ({ jobId, epoch }, failure) => failJob(context, context.id, jobId, epoch, failure),
  }
}
