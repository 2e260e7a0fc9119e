import { z } from 'zod'

/** How the results of a step travel on. `supported.ts` says which distributions this version knows. */
export const distributionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('Collect') }).meta({ id: 'Collect', description: 'Every worker to the initiator.' }),
    z.strictObject({ kind: z.literal('Distribute') }).meta({ id: 'Distribute', description: 'The initiator to every worker.' }),
    z
      .strictObject({ kind: z.literal('Arrange') })
      .meta({ id: 'Arrange', description: 'Every worker to itself, for the next step.' }),
    z
      .strictObject({ kind: z.literal('RoundRobin') })
      .meta({ id: 'RoundRobinDistribution', description: 'Each worker to the next in the ring.' }),
    z
      .strictObject({ kind: z.literal('DirectToNext') })
      .meta({ id: 'DirectToNext', description: 'Each worker to the one that follows it.' }),
  ])
  .meta({ id: 'Distribution' })

export type Distribution = z.infer<typeof distributionSchema>
