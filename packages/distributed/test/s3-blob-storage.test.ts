import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { makeId } from '@flotta/contract'
import { blobStorageConformance } from '@flotta/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3BlobStorage, type S3Location } from '../src/s3/index.ts'
import { startS3, type TestS3 } from './support/s3.ts'

let server: TestS3
let client: S3Client
beforeAll(async () => {
  server = await startS3()
  client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: server })
})
afterAll(async () => {
  client.destroy()
  await server[Symbol.asyncDispose]()
})

const locationOf = ({ endpoint, bucket, accessKeyId, secretAccessKey }: TestS3): S3Location => ({
  endpoint,
  bucket,
  region: undefined,
  prefix: 'node/',
  credentials: () => ({ accessKeyId, secretAccessKey }),
})

blobStorageConformance('S3', async () => {
  const blobs = createS3BlobStorage(locationOf(server))
  const keys = async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: server.bucket }))
    return Contents.map(({ Key }) => Key ?? '')
  }
  return {
    blobs,
    names: async () => (await keys()).map((key) => key.replace(/^node\//, '')),
    async clear() {
      const Objects = (await keys()).map((Key) => ({ Key }))
      if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: server.bucket, Delete: { Objects } }))
    },
    [Symbol.asyncDispose]: () => blobs[Symbol.asyncDispose](),
  }
})

describe('resources in S3', () => {
  const id = makeId('res', new Uint8Array(26))
  const digest = '0'.repeat(64)

  it('says what is wrong without a key or an address, and that it passes', async () => {
    for (const wrong of [{ bucket: 'absent' }, { endpoint: 'http://127.0.0.1:1' }]) {
      await using blobs = createS3BlobStorage({ ...locationOf(server), ...wrong })
      for (const fail of [() => blobs.check(), () => blobs.remove(id)]) {
        const error = await fail().then(
          () => undefined,
          (reason: Error) => reason,
        )
        expect(error).toMatchObject({ code: 'unavailable' })
        expect(error!.message).not.toMatch(/127\.0\.0\.1|S3RVER/)
      }
    }
    await using blobs = createS3BlobStorage(locationOf(server))
    expect(await blobs.find(id, digest)).toBeUndefined()
  })
})
