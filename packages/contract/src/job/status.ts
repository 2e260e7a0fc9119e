import { z } from 'zod'

export const jobStatuses = ['WAITING', 'READY', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'SKIPPED'] as const
export const jobStatusSchema = z.enum(jobStatuses).meta({ id: 'JobStatus' })
export type JobStatus = (typeof jobStatuses)[number]

export const artifactStatuses = ['SCHEDULED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
export const artifactStatusSchema = z.enum(artifactStatuses).meta({ id: 'ArtifactStatus' })
export type ArtifactStatus = (typeof artifactStatuses)[number]
