import { z } from 'zod'
import { artifactIdSchema, projectIdSchema } from '../ids.ts'
import { preflightReportSchema, preflightRequestSchema } from '../messages/preflight.ts'
import {
  artifactEventSchema,
  artifactViewSchema,
  cancelRequestSchema,
  cancelResponseSchema,
  openProjectRequestSchema,
  projectViewSchema,
  submitRequestSchema,
  submitResponseSchema,
} from '../messages/workbench.ts'
import type { Routes } from './route.ts'

const projectParams = z.strictObject({ projectId: projectIdSchema })
const artifactParams = z.strictObject({ artifactId: artifactIdSchema })
const workbench = (ownership: 'none' | 'project-member' | 'artifact-owner') => ({ roles: ['workbench'], ownership }) as const

/** What a researcher asks. */
export const workbenchRoutes = {
  open: {
    method: 'POST',
    path: '/workbench/projects',
    summary: 'Open a project by proving knowledge of its token',
    body: openProjectRequestSchema,
    responses: { 200: projectViewSchema },
    metadata: { access: workbench('none'), streaming: 'none', errors: ['not_found', 'project_disabled'] },
  },
  project: {
    method: 'GET',
    path: '/workbench/projects/:projectId',
    summary: 'A project: its data sources, features and clients',
    pathParams: projectParams,
    responses: { 200: projectViewSchema },
    metadata: { access: workbench('project-member'), streaming: 'none', errors: ['not_found'] },
  },
  preflight: {
    method: 'POST',
    path: '/workbench/projects/:projectId/preflight',
    summary: 'Whether a plan could work, and if not, why and where; nothing runs',
    pathParams: projectParams,
    body: preflightRequestSchema,
    responses: { 200: preflightReportSchema },
    metadata: { access: workbench('project-member'), streaming: 'none', errors: ['not_found'] },
  },
  submit: {
    method: 'POST',
    path: '/workbench/projects/:projectId/artifacts',
    summary: 'Submit a plan',
    pathParams: projectParams,
    body: submitRequestSchema,
    responses: { 201: submitResponseSchema },
    metadata: {
      access: workbench('project-member'),
      streaming: 'none',
      errors: [
        'not_found',
        'project_disabled',
        'conflict',
        'invalid_artifact',
        'unsupported_operation',
        'unknown_feature',
        'unsuitable_feature',
        'no_workers',
        'quorum_not_met',
      ],
    },
  },
  artifact: {
    method: 'GET',
    path: '/workbench/artifacts/:artifactId',
    summary: 'An artifact: its state, its jobs and its result',
    pathParams: artifactParams,
    responses: { 200: artifactViewSchema },
    metadata: { access: workbench('artifact-owner'), streaming: 'none', errors: ['not_found'] },
  },
  cancel: {
    method: 'POST',
    path: '/workbench/artifacts/:artifactId/cancel',
    summary: 'Cancel an artifact; again is the same as once, and one that has ended stays as it is',
    pathParams: artifactParams,
    body: cancelRequestSchema,
    responses: { 200: cancelResponseSchema },
    metadata: { access: workbench('artifact-owner'), streaming: 'none', errors: ['not_found'] },
  },
  events: {
    method: 'GET',
    path: '/workbench/artifacts/:artifactId/events',
    summary: 'Each change of an artifact as it happens, as server-sent events whose data is sealed',
    pathParams: artifactParams,
    query: z.strictObject({
      after: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number)
        .optional(),
    }),
    responses: { 200: artifactEventSchema },
    metadata: { access: workbench('artifact-owner'), streaming: 'response-events', errors: ['not_found'] },
  },
} as const satisfies Routes
