import { z } from 'zod'
import { resourceIdSchema } from '../ids.ts'
import { storedResourceSchema } from '../messages/resource.ts'
import type { Routes } from './route.ts'

const resourceParams = z.strictObject({ resourceId: resourceIdSchema })
const sealedBytes = z.string().meta({ format: 'binary', description: 'A sealed stream.' })

/** How results travel: as streams that only their recipients can open. */
export const resourceRoutes = {
  upload: {
    method: 'PUT',
    path: '/resource/:resourceId',
    summary: 'Upload what a running job produced, sealed to its recipients',
    pathParams: resourceParams,
    body: sealedBytes,
    responses: { 200: storedResourceSchema },
    metadata: {
      access: { roles: ['client', 'node'], ownership: 'producer' },
      streaming: 'request-resource',
      errors: ['not_found', 'stale_lease', 'payload_too_large', 'unsupported_media_type', 'invalid_resource', 'storage_full'],
    },
  },
  download: {
    method: 'GET',
    path: '/resource/:resourceId',
    summary: 'Download a resource that one is a recipient of',
    pathParams: resourceParams,
    responses: { 200: sealedBytes },
    metadata: {
      access: { roles: ['client', 'node', 'workbench'], ownership: 'recipient' },
      streaming: 'response-resource',
      errors: ['not_found', 'forbidden'],
    },
  },
} as const satisfies Routes
