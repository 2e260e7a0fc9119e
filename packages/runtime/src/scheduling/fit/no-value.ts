/** Said of a feature of type `null` where a model needs to know what it would be. */
export const noValue =
  'has no value in any record there, so that its type is not known: its owner declares it, or the plan leaves it out'
