import { routes } from '@flotta/contract'
import type { TaskSource } from '../worker/task-source.ts'
import type { Session } from './session.ts'

/** A client's work, asked of its node over the signed and sealed exchange. */
export function httpTaskSource(session: Session): TaskSource {
  return {
    next: (waitS, signal) =>
      session.call(async (connection) => {
        const { task } = await connection.call(routes.task.next, { body: { waitS } }, { signal, timeoutMs: (waitS + 15) * 1000 })
        return task ?? undefined
      }),
    renew: ({ jobId, epoch }) =>
      session.call(async (connection) => {
        await connection.call(routes.task.renew, { params: { jobId }, body: { epoch } }, { timeoutMs: 10_000 })
      }),
    fetch: (resourceId, file, signal) =>
      session.call((connection) => connection.download(resourceId, file, { signal, timeoutMs: 0 })),
    deliver: ({ output }, { path, contentDigest }, signal) =>
      session.call((connection) => connection.upload(output.resourceId, path, contentDigest, { signal, timeoutMs: 0 })),
    complete: ({ jobId, epoch }, { digest }, { metrics }, more) =>
      session.call(async (connection) => {
        const body = { epoch, digest, metrics, next: more }
        const { task } = await connection.call(routes.task.complete, { params: { jobId }, body })
        return task ?? undefined
      }),
    fail: ({ jobId, epoch }, failure) =>
      session.call(async (connection) => {
        await connection.call(routes.task.fail, { params: { jobId }, body: { epoch, failure } })
      }),
  }
}
