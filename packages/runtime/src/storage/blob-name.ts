import { FlottaError, type ResourceId, resourceIdSchema } from '@flotta/contract'

/** The name of a blob below wherever blobs are: only ids and digests of our own form become part of it (A18). */
export function blobName(resourceId: ResourceId, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new FlottaError('not_found')
  return `${blobNamesBegin(resourceId)}${digest}`
}

/** What the names of all uploads of a resource begin with, and those of no other. */
export function blobNamesBegin(resourceId: ResourceId): string {
  if (!resourceIdSchema.safeParse(resourceId).success) throw new FlottaError('not_found')
  return `${resourceId.slice(4, 6)}/${resourceId}/`
}
