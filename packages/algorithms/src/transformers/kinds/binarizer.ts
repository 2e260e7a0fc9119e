import type { Binarizer } from '../transformer.ts'
import type { Kind } from './kind.ts'

/** 1 above the threshold, else 0. */
export const binarizer: Kind<Binarizer> = {
  accepts: () => ['numbers'],
  needs: () => null,
  expands: () => false,
  express: ({ threshold }, feature) => [{ op: 'binarize', feature, threshold }],
}
