import type { Readable } from 'node:stream'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { BlobStorage } from '@flotta/runtime/ports'
import { blobName, blobNamesBegin, checkedStream } from '@flotta/runtime/storage'
import { bucketAbsent, isAbsent, storageError } from './storage-error.ts'

export interface S3Location {
  /** URL of the service; undefined: that of AWS in the region. */
  readonly endpoint: string | undefined
  /** Undefined: what the environment says, or with an endpoint of its own `us-east-1`. */
  readonly region: string | undefined
  readonly bucket: string
  /** Undefined: credentials that the environment offers, such as the role of the machine. Asked for when they are needed. */
  readonly credentials: (() => { readonly accessKeyId: string; readonly secretAccessKey: string }) | undefined
  /** What the names of all objects begin with. */
  readonly prefix: string
}

/** A resource above this size travels in parts of it; two of them are in memory at once for each upload. */
const PART_BYTES = 8 * 1024 ** 2
const PARTS_AT_ONCE = 2

/**
 * Blobs as objects of a bucket: `<prefix>ab/res_…/<digest>`. An object appears whole or not at all: parts are put together, and a small
 * object is sent, only after the stream has ended with the digest that was announced. Parts of an upload whose process died stay unseen until the
 * bucket's rule for incomplete uploads removes them.
 */
export function createS3BlobStorage(location: S3Location): BlobStorage & AsyncDisposable {
  const { bucket: Bucket, prefix } = location
  const client = clientOf(location)
  const nameOf = (...of: Parameters<typeof blobName>) => prefix + blobName(...of)
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw storageError(error)
    }
  }

  async function removeBut(begin: string, kept: string | undefined): Promise<void> {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: begin })) {
      const Objects = Contents.flatMap(({ Key }) => (Key === undefined || Key === kept ? [] : [{ Key }]))
      if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
    }
  }

  return {
    write: (resourceId, source, expected) =>
      attempt(async () => {
        const checked = checkedStream(source, expected)
        const upload = new Upload({
          client,
          params: {
            Bucket,
            Key: nameOf(resourceId, expected.digest),
            Body: checked.stream,
            ContentType: 'application/octet-stream',
          },
          partSize: PART_BYTES,
          queueSize: PARTS_AT_ONCE,
        })
        try {
          await upload.done()
        } catch (error) {
          source.destroy()
          // What was wrong with the stream itself; the upload may tell of what followed from it.
          throw checked.stream.errored ?? error
        }
        return { digest: expected.digest, bytes: checked.bytes() }
      }),
    find: (resourceId, digest) =>
      attempt(async () => {
        try {
          const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket, Key: nameOf(resourceId, digest) }))
          return { digest, bytes: ContentLength }
        } catch (error) {
          if (isAbsent(error)) return undefined
          throw error
        }
      }),
    read: (resourceId, digest) =>
      attempt(async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: nameOf(resourceId, digest) }))
        return Body as Readable
      }),
    keepOnly: (resourceId, digest) => attempt(() => removeBut(prefix + blobNamesBegin(resourceId), nameOf(resourceId, digest))),
    remove: (resourceId) => attempt(() => removeBut(prefix + blobNamesBegin(resourceId), undefined)),
    check: () =>
      attempt(async () => {
        await client.send(new HeadBucketCommand({ Bucket })).catch((cause: unknown) => {
          throw isAbsent(cause) ? bucketAbsent(cause) : cause
        })
        return `the bucket ${Bucket} answers`
      }),
    [Symbol.asyncDispose]: async () => client.destroy(),
  }
}

function clientOf({ endpoint, region, credentials }: S3Location): S3Client {
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? (endpoint === undefined ? {} : { region: 'us-east-1' }) : { region }),
    ...(credentials === undefined ? {} : { credentials: async () => credentials() }),
    // Every reader checks the SHA-256 itself; services besides that of AWS often lack the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}
