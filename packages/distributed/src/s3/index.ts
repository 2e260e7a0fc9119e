export { createS3BlobStorage, type S3Location } from './s3-blob-storage.ts'
