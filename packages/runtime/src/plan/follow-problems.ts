/**
 * What is told of a survival's time and event that can't be computed with. It names features and no value: whether a single record
 * is the reason must not be seen.
 */

/** Of an event that is coded in another way: which code means what, only a person knows. */
export function codedOtherwise(event: string): string {
  const derived = `Derive('happened', feature('${event}').eq(<code>))`
  return `the event "${event}" is 1 or true where it happened and 0 or false where observation ended without it; not all of its values are: derive one that is, as by ${derived}, or leave the others out by a Filter`
}

export function negativeTimes(time: string): string {
  return `"${time}" is the time that a record was followed for, and below 0 somewhere: mend it, or leave these records out by a Filter`
}
