import { z } from 'zod'
import { componentIdSchema } from '../ids.ts'
import { componentKindSchema, componentNameSchema, nodeUrlSchema, tokenProofSchema } from './component.ts'
import { memberSchema } from './network.ts'

/** What somebody shows to be let in. A project token opens the door to clients and workbenches; a node needs an operator's word. */
export const joinRequestSchema = z
  .strictObject({
    kind: componentKindSchema,
    name: componentNameSchema,
    proofs: z.array(tokenProofSchema).max(100).meta({ description: 'Of the tokens of projects.' }),
    enrolment: tokenProofSchema.optional().meta({ description: 'Of a token that an operator made for one component, once.' }),
    url: nodeUrlSchema.optional().meta({ description: 'Where a joining node is reached by the others.' }),
  })
  .meta({ id: 'JoinRequest' })
export type JoinRequest = z.infer<typeof joinRequestSchema>

export const joinResponseSchema = z
  .strictObject({
    id: componentIdSchema,
    name: componentNameSchema,
    heartbeatS: z.number().positive(),
    nodes: z
      .array(memberSchema)
      .max(1000)
      .meta({ description: 'For a node: all nodes of the network, the one that answers too.' }),
  })
  .meta({ id: 'JoinResponse' })
export type JoinResponse = z.infer<typeof joinResponseSchema>

export const leaveRequestSchema = z.strictObject({}).meta({ id: 'LeaveRequest' })
