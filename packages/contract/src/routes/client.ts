import { publishRequestSchema, publishResponseSchema } from '../messages/datasource.ts'
import type { Routes } from './route.ts'

/** What a data holder tells the node. */
export const clientRoutes = {
  publish: {
    method: 'PUT',
    path: '/client/datasources',
    summary: 'Publish the metadata of all data sources and attach them to projects',
    body: publishRequestSchema,
    responses: { 200: publishResponseSchema },
    metadata: { access: { roles: ['client'], ownership: 'self' }, streaming: 'none', errors: [] },
  },
} as const satisfies Routes
