/**
 * Carries orders from the processes of a node to its workers on other machines, and answers back: texts, whose meaning and truth are the
 * engine's business. It is no memory: what it loses is ordered again.
 */
export interface OrderQueue extends AsyncDisposable {
  /**
   * Has a worker answer an order; under one id one at a time, and an answer is kept for some minutes, for whoever asks again under this id. It
   * waits out that the queue or all workers are away, and orders again what was lost.
   *
   * @throws {FlottaError} `worker_crashed` when workers ended over it again and again
   * @throws the signal's reason when it aborts; the order stays
   */
  carry(id: string, order: string, signal: AbortSignal): Promise<string>
  /** Takes an order back, or its answer: a worker that is at it is told to stop. Again is the same as once. */
  withdraw(id: string): Promise<void>
}

/** The other end of an `OrderQueue`. */
export interface OrderIntake extends AsyncDisposable {
  /** Takes orders, at most `atOnce` at a time. `work` never rejects; its signal aborts when the order is withdrawn or lost. */
  serve(work: (order: string, signal: AbortSignal) => Promise<string>, atOnce: number): OrderService
}

export interface OrderService {
  /** Takes no more orders and lets running ones end within `graceMs`; what then still runs is taken by another worker. */
  stop(graceMs: number): Promise<void>
}
