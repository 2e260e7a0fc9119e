import type { Transformer, TransformerKind } from '../transformer.ts'
import { binarizer } from './binarizer.ts'
import { clamp } from './clamp.ts'
import { kBinsDiscretizer } from './k-bins-discretizer.ts'
import type { Kind } from './kind.ts'
import { labelBinarizer } from './label-binarizer.ts'
import { minMaxScaler } from './min-max-scaler.ts'
import { oneHotEncoder } from './one-hot-encoder.ts'
import { ordinalEncoder } from './ordinal-encoder.ts'
import { robustScaler } from './robust-scaler.ts'
import { simpleImputer } from './simple-imputer.ts'
import { standardScaler } from './standard-scaler.ts'

const catalogue: { readonly [K in TransformerKind]: Kind<Extract<Transformer, { kind: K }>> } = {
  FederatedStandardScaler: standardScaler,
  FederatedMinMaxScaler: minMaxScaler,
  FederatedRobustScaler: robustScaler,
  FederatedClamp: clamp,
  FederatedBinarizer: binarizer,
  FederatedKBinsDiscretizer: kBinsDiscretizer,
  FederatedSimpleImputer: simpleImputer,
  FederatedOneHotEncoder: oneHotEncoder,
  FederatedOrdinalEncoder: ordinalEncoder,
  FederatedLabelBinarizer: labelBinarizer,
}

/** The kind of a transformer; the compiler has checked that the catalogue has an entry for each. */
export function kindOf<T extends Transformer>(transformer: T): Kind<T> {
  return catalogue[transformer.kind] as unknown as Kind<T>
}
