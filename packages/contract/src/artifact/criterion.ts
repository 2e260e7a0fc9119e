import { z } from 'zod'

/** When an Iterate ends before its last round. The node decides it, from what its last step produced in this round and the one before. */
export const criterionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('Converged'), tolerance: z.number().gt(0).lt(1) }).meta({
      id: 'Converged',
      description:
        'No number has changed since the round before by more than this share: of the largest number in its tensor, or of itself outside tensors.',
    }),
  ])
  .meta({ id: 'Criterion' })

export type Criterion = z.infer<typeof criterionSchema>
