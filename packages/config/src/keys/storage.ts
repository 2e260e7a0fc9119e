import { choice, httpUrl, integer, secret, text } from '../key/kinds.ts'

/** Where results wait for those who may read them. */
export const storage = {
  kind: choice(['file', 's3'], { default: 'file', about: 'where resources are kept' }),
  path: text({ default: '', about: 'folder of the resources; empty: resources in workdir' }),
  max_resource_mb: integer({ default: 4096, about: 'largest resource that is stored' }, 1, 1_048_576),
  minimum_free_mb: integer({ default: 512, about: 'free space below which a node is not ready' }, 0, 1_048_576),
  s3: {
    endpoint: httpUrl('URL of the service; empty: that of AWS'),
    region: text({ default: '', about: 'region of the bucket' }),
    bucket: text({ default: '', about: 'name of the bucket' }, { max: 63 }),
    access_key_id: secret('id of the access key'),
    secret_access_key: secret('the access key'),
    prefix: text({ default: '', about: 'what the names of all objects begin with' }, { max: 512 }),
  },
} as const
