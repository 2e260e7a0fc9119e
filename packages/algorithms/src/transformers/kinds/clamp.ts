import type { Clamp } from '../transformer.ts'
import type { Kind } from './kind.ts'

/** Puts what is below `lower` to it and what is above `upper` to it. */
export const clamp: Kind<Clamp> = {
  accepts: () => ['numbers'],
  needs: () => null,
  expands: () => false,
  express: ({ lower, upper }, feature) => [{ op: 'clamp', feature, lower, upper }],
}
