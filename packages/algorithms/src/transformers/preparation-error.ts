/** A transformer that can not be fitted or applied; the message names the feature, and no value of the data. */
export class PreparationError extends Error {
  override readonly name = 'PreparationError'
  readonly feature: string

  constructor(feature: string, reason: string) {
    super(`${JSON.stringify(feature)} ${reason}`)
    this.feature = feature
  }
}
