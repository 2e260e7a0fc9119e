import type { Readable } from 'node:stream'
import type { ResourceId } from '@flotta/contract'

export interface StoredBlob {
  /** SHA-256, hexadecimal. */
  readonly digest: string
  readonly bytes: number
}

/**
 * Where sealed resources are. A blob is named by its resource and its digest, so a late upload never overwrites another;
 * a half-written one never has its final name.
 */
export interface BlobStorage {
  /**
   * Stores a stream and answers once it would survive a power cut.
   *
   * @throws {FlottaError} `payload_too_large`, `storage_full`, or `invalid_resource` when the stream hasn't the digest that was announced
   */
  write(
    resourceId: ResourceId,
    source: Readable,
    expected: { readonly digest: string; readonly maxBytes: number },
  ): Promise<StoredBlob>
  find(resourceId: ResourceId, digest: string): Promise<StoredBlob | undefined>
  /** @throws {FlottaError} `not_found` */
  read(resourceId: ResourceId, digest: string): Promise<Readable>
  /** Removes the other uploads of a resource once one of them is its result. */
  keepOnly(resourceId: ResourceId, digest: string): Promise<void>
  /** Removes every upload of a resource; again is the same as once. */
  remove(resourceId: ResourceId): Promise<void>
  /** Answers words for the operator when resources can be stored, or rejects with what is wrong. */
  check(): Promise<string>
}
