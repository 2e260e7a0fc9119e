import { z } from 'zod'

/** How what a step produced travels on to those who do the next step. */
export const distributionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('Collect') }).meta({ id: 'Collect', description: 'Everything to the node.' }),
    z.strictObject({ kind: z.literal('Distribute') }).meta({ id: 'Distribute', description: 'Everything to every worker.' }),
    z
      .strictObject({ kind: z.literal('Arrange') })
      .meta({ id: 'Arrange', description: 'Each worker keeps its own product for the next step.' }),
    z
      .strictObject({ kind: z.literal('RoundRobin') })
      .meta({ id: 'RoundRobinDistribution', description: "Each worker's product to its successor in the ring." }),
    z.strictObject({ kind: z.literal('DirectToNext') }).meta({
      id: 'DirectToNext',
      description:
        'To the one that follows: the first worker of a Sequential step, or, from each worker, its successor in the ring.',
    }),
  ])
  .meta({ id: 'Distribution' })

export type Distribution = z.infer<typeof distributionSchema>
