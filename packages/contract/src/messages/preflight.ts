import { z } from 'zod'
import { artifactSchema } from '../artifact/artifact.ts'
import { jobFailureSchema } from '../errors/failure.ts'
import { issueSchema } from '../errors/problem.ts'
import { componentIdSchema } from '../ids.ts'
import { componentNameSchema } from './component.ts'
import { datasourceNameSchema } from './datasource.ts'

export const preflightRequestSchema = z.strictObject({ artifact: artifactSchema }).meta({ id: 'PreflightRequest' })

/** How a plan fits one table. */
export const siteReportSchema = z
  .strictObject({
    component: z.strictObject({ id: componentIdSchema, name: componentNameSchema }),
    datasource: datasourceNameSchema,
    here: z
      .boolean()
      .meta({ description: 'Whether its client has spoken to the node lately. A job waits for one that has not.' }),
    unreadable: jobFailureSchema.nullable().meta({ description: 'Why its owner can not read it at the moment.' }),
    problems: z.array(issueSchema).meta({ description: 'Why the plan can not work over it, by what is published of it.' }),
  })
  .meta({ id: 'SiteReport' })
export type SiteReport = z.infer<typeof siteReportSchema>

/** Whether a plan can work, and if not, why: as it is written, between the sites, and at each of them. */
export const preflightReportSchema = z
  .strictObject({
    fits: z.boolean().meta({ description: 'No problem is known, and no table is unreadable; a site may still be away.' }),
    problems: z.array(issueSchema).meta({ description: 'Of the plan itself, and of what differs between the sites.' }),
    notes: z.array(issueSchema).meta({
      description:
        'What differs between the sites and does not keep the plan from working: types that are reconciled, categories, and what means that there is no value.',
    }),
    sites: z.array(siteReportSchema),
  })
  .meta({ id: 'PreflightReport' })
export type PreflightReport = z.infer<typeof preflightReportSchema>
