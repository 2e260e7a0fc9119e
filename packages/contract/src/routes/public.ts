import { z } from 'zod'
import { nodeKeySchema } from '../messages/component.ts'
import type { Routes } from './route.ts'

const anonymous = { access: { roles: ['anonymous'], ownership: 'none' }, streaming: 'none', errors: ['unavailable'] } as const

/** What anybody may ask, unsigned. */
export const publicRoutes = {
  key: {
    method: 'GET',
    path: '/node/key',
    summary: 'Public keys of the node',
    responses: { 200: nodeKeySchema },
    metadata: anonymous,
  },
  health: {
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the process is alive',
    responses: { 200: z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' }) },
    metadata: anonymous,
  },
  ready: {
    method: 'GET',
    path: '/readyz',
    summary: 'Whether the node takes work: what it needs is well and it is not draining',
    responses: {
      200: z
        .strictObject({
          status: z.literal('ready'),
          checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean() })),
        })
        .meta({ id: 'Ready' }),
    },
    metadata: anonymous,
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This interface as an OpenAPI 3.1 document',
    responses: { 200: z.record(z.string(), z.unknown()) },
    metadata: anonymous,
  },
} as const satisfies Routes
