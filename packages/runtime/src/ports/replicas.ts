/** Whoever waits for something to change among the members and projects of the network is woken by this key. */
export const networkKey = 'network'

/**
 * What the processes that serve one node over one database share beside its tables.
 *
 * What a transition woke by its `Changes`, or by `networkKey`, is told to the others in the transition itself: it is heard if and only if the
 * transition took effect.
 */
export interface Replicas {
  /**
   * Hears the keys that other processes woke, until the answer is called. Undefined: words may have been missed, so everything has to
   * be looked at; so it is after each loss of the database.
   */
  listen(heard: (keys: readonly string[] | undefined) => void): () => void
  /** Tells the other processes keys, which hold no space, for what is no transition. Who can't be reached looks by himself sooner or later. */
  tell(keys: readonly string[]): Promise<void>
  /**
   * Remembers what may be used once, until nobody would take it anyway; false = one of the processes has seen it.
   *
   * @throws {FlottaError} `unavailable`: then it must not be used
   */
  spend(nonce: string, expiresAtMs: number): Promise<boolean>
  /** Whether this process does what only one has to do. Another one takes over when it ends or loses the database. */
  leads(): Promise<boolean>
}
