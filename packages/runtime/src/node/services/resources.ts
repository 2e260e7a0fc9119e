import { Readable } from 'node:stream'
import { FlottaError, type ResourceId, type StoredResource } from '@flotta/contract'
import type { ResourceRecord } from '../../ports/store.ts'
import type { NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'

/**
 * Takes in what a running job produced. Only the component that runs the job may bring it, and only while it runs.
 *
 * @throws {FlottaError} `not_found`, `stale_lease`, `invalid_resource`, `payload_too_large`, `storage_full`
 */
export async function uploadResource(
  context: NodeContext,
  principal: Principal,
  resourceId: ResourceId,
  content: { readonly stream: Readable; readonly digest: string },
): Promise<StoredResource> {
  const resource = await context.store.jobs.findResource(resourceId)
  if (resource === undefined || resource.producerId !== principal.id) throw new FlottaError('not_found')
  if (resource.jobStatus !== 'RUNNING') throw new FlottaError('stale_lease')
  const stored = await context.blobs.write(resourceId, content.stream, {
    digest: content.digest,
    maxBytes: context.maxResourceBytes,
  })
  await requireStillWanted(context, resourceId)
  return { id: resourceId, ...stored }
}

/**
 * What an artifact left may have been removed while a product of it arrived; it would stay for ever.
 *
 * @throws {FlottaError} `stale_lease` when its job has ended without it
 */
export async function requireStillWanted(context: NodeContext, resourceId: ResourceId): Promise<void> {
  const status = (await context.store.jobs.findResource(resourceId))?.jobStatus
  if (status !== 'CANCELLED' && status !== 'SKIPPED' && status !== 'FAILED') return
  await context.blobs.remove(resourceId)
  throw new FlottaError('stale_lease')
}

/**
 * A stored resource for one of its recipients; for everybody else it does not exist (A9).
 *
 * @throws {FlottaError} `not_found`, or `forbidden` where this node lets nobody download
 */
export async function downloadResource(
  context: NodeContext,
  principal: Principal,
  resourceId: ResourceId,
): Promise<{ readonly stream: Readable; readonly digest: string; readonly bytes: number }> {
  const resource = await context.store.jobs.findResource(resourceId)
  if (resource?.stored == null || !mayRead(resource, principal)) throw new FlottaError('not_found')
  if (principal.role === 'workbench' && !context.allowResourceDownload) {
    throw new FlottaError('forbidden', 'This node lets nobody download resources (node.allow_resource_download is false).')
  }
  const { digest, bytes, content } = resource.stored
  const stream = content === null ? await context.blobs.read(resourceId, digest) : Readable.from([content])
  return { digest, bytes, stream }
}

/** A researcher gets only what was released, never a part that a site produced. */
function mayRead({ recipientIds, released }: ResourceRecord, { id, role }: Principal): boolean {
  return recipientIds.includes(id) && (role !== 'workbench' || released)
}
