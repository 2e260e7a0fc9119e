import { joinRequestSchema, joinResponseSchema } from '../messages/component.ts'
import type { Routes } from './route.ts'

/** What a component says to become part of the network. */
export const nodeRoutes = {
  join: {
    method: 'POST',
    path: '/node/join',
    summary: 'Join the network, or come back to it',
    body: joinRequestSchema,
    responses: { 200: joinResponseSchema },
    metadata: {
      access: { roles: ['applicant', 'workbench', 'client'], ownership: 'self' },
      streaming: 'none',
      errors: ['admission_refused', 'project_disabled', 'conflict'],
    },
  },
} as const satisfies Routes
