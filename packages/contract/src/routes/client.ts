import { publishRequestSchema, publishResponseSchema } from '../messages/datasource.ts'
import { otherNodesRequestSchema, otherNodesSchema } from '../messages/network.ts'
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
  otherNodes: {
    method: 'POST',
    path: '/client/nodes',
    summary: 'The other nodes of the network, which a client asks for work by way of its own; held while the client knows them',
    body: otherNodesRequestSchema,
    responses: { 200: otherNodesSchema },
    metadata: { access: { roles: ['client'], ownership: 'none' }, streaming: 'none', errors: [] },
  },
} as const satisfies Routes
