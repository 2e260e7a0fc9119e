import type { Config } from '@flotta/config'
import { type BlobStorage, createFileBlobStorage } from '@flotta/runtime'

/** Where the resources of a node are by its configuration; what S3 needs is loaded only for S3. */
export async function storageOf({ storage }: Config): Promise<BlobStorage> {
  switch (storage.kind) {
    case 'file':
      return createFileBlobStorage(storage.folder, storage.minimumFreeMb * 1024 ** 2)
    case 's3': {
      const { createS3BlobStorage } = await import('@flotta/distributed/s3')
      const { endpoint, region, bucket, accessKeyId, secretAccessKey, prefix } = storage
      const given = accessKeyId.reveal() !== ''
      return createS3BlobStorage({
        endpoint: endpoint || undefined,
        region: region || undefined,
        bucket,
        prefix,
        credentials: given ? () => ({ accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() }) : undefined,
      })
    }
    default:
      return storage satisfies never
  }
}
