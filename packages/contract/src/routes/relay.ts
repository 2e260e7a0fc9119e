import { z } from 'zod'
import { componentIdSchema } from '../ids.ts'
import type { Routes } from './route.ts'

const relayed = {
  path: '/relay/:nodeId/*path',
  pathParams: z.strictObject({ nodeId: componentIdSchema, path: z.string() }),
  responses: { 200: z.string().meta({ format: 'binary', description: "The other node's answer, as it came." }) },
  metadata: { access: { roles: ['client'], ownership: 'none' }, streaming: 'relayed', errors: ['not_found'] },
} as const
const body = z.string().meta({ format: 'binary', description: 'What the other node reads, as it came.' })

/** The blind relay, by which clients speak with nodes that they did not join: signed for that node, and sealed to it. */
export const relayRoutes = {
  get: { method: 'GET', summary: 'Pass a GET on to another node of the network, for the path behind its id', ...relayed },
  put: { method: 'PUT', summary: 'Pass a PUT on to another node of the network, for the path behind its id', body, ...relayed },
  post: {
    method: 'POST',
    summary: 'Pass a POST on to another node of the network, for the path behind its id',
    body,
    ...relayed,
  },
} as const satisfies Routes
