import { joinRequestSchema, joinResponseSchema, leaveRequestSchema } from '../messages/joining.ts'
import { networkChangesRequestSchema, networkChangesSchema } from '../messages/network.ts'
import { acceptedSchema } from '../messages/task.ts'
import type { Routes } from './route.ts'

/** What a component says to become part of the network or to leave it, and what nodes tell each other. */
export const nodeRoutes = {
  join: {
    method: 'POST',
    path: '/node/join',
    summary: 'Join the network, or come back to it',
    body: joinRequestSchema,
    responses: { 200: joinResponseSchema },
    metadata: {
      access: { roles: ['applicant', 'workbench', 'client', 'node'], ownership: 'self' },
      streaming: 'none',
      errors: ['admission_refused', 'admission_pending', 'project_disabled', 'node_unreachable', 'conflict'],
    },
  },
  leave: {
    method: 'POST',
    path: '/node/leave',
    summary: 'Leave the network: data sources are taken off, jobs that wait for the component end',
    body: leaveRequestSchema,
    responses: { 200: acceptedSchema },
    metadata: { access: { roles: ['workbench', 'client', 'node'], ownership: 'self' }, streaming: 'none', errors: [] },
  },
  changes: {
    method: 'POST',
    path: '/node/changes',
    summary: 'What changed among the members and projects of a node; held until something does',
    body: networkChangesRequestSchema,
    responses: { 200: networkChangesSchema },
    metadata: { access: { roles: ['node'], ownership: 'none' }, streaming: 'none', errors: [] },
  },
} as const satisfies Routes
