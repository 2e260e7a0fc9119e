/** What each signal follows. */
const followed = new WeakMap<AbortSignal, readonly AbortSignal[]>()

/**
 * A signal that aborts with the first of several. `AbortSignal.any` alone holds none of them: a time limit that nobody else holds goes
 * with the garbage, and never aborts. Here they live as long as what follows them.
 */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const any = AbortSignal.any([...signals])
  followed.set(any, signals)
  return any
}
