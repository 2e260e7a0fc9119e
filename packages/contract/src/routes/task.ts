import { z } from 'zod'
import { jobIdSchema } from '../ids.ts'
import {
  acceptedSchema,
  completeRequestSchema,
  completeResponseSchema,
  failRequestSchema,
  nextTaskRequestSchema,
  nextTaskResponseSchema,
  renewRequestSchema,
  renewResponseSchema,
} from '../messages/task.ts'
import type { Routes } from './route.ts'

const jobParams = z.strictObject({ jobId: jobIdSchema })
const leaseHolder = {
  access: { roles: ['client', 'node'], ownership: 'lease-holder' },
  streaming: 'none',
  errors: ['not_found', 'stale_lease', 'conflict'],
} as const

/** How a job is fetched, kept and ended. */
export const taskRoutes = {
  next: {
    method: 'POST',
    path: '/task/next',
    summary: 'Claim the next job; answered at once when there is one, or when the other nodes are others than the client knows',
    body: nextTaskRequestSchema,
    responses: { 200: nextTaskResponseSchema },
    metadata: { access: { roles: ['client', 'node'], ownership: 'self' }, streaming: 'response-held', errors: ['conflict'] },
  },
  renew: {
    method: 'POST',
    path: '/task/:jobId/renew',
    summary: 'Keep the lease of a running job',
    pathParams: jobParams,
    body: renewRequestSchema,
    responses: { 200: renewResponseSchema },
    metadata: leaseHolder,
  },
  complete: {
    method: 'POST',
    path: '/task/:jobId/complete',
    summary: 'Complete a job; the same completion sent twice is accepted twice and takes effect once',
    pathParams: jobParams,
    body: completeRequestSchema,
    responses: { 200: completeResponseSchema },
    metadata: leaseHolder,
  },
  fail: {
    method: 'POST',
    path: '/task/:jobId/fail',
    summary: 'Report that a job failed, and why',
    pathParams: jobParams,
    body: failRequestSchema,
    responses: { 200: acceptedSchema },
    metadata: leaseHolder,
  },
} as const satisfies Routes
