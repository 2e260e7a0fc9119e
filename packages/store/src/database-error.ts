import { setTimeout as delay } from 'node:timers/promises'
import { FlottaError, isFlottaError } from '@flotta/contract'

/** Waits between the attempts of a transaction that collided with another; after the last one the collision is an error. */
const RETRY_DELAYS_MS = [2, 5, 10, 20, 50, 100, 200, 500]

/** SQLSTATE and SQLite codes of transactions that failed only because another one ran at the same time. */
const COLLISIONS = new Set(['40001', '40P01', '55P03', 'SQLITE_BUSY', '5', '261', '517'])
const FULL = new Set(['53100', 'ENOSPC', 'SQLITE_FULL', '13'])

/** Runs work that may collide with other transactions; anything else that goes wrong in the database is a `FlottaError`. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (const delayMs of [...RETRY_DELAYS_MS, undefined]) {
    try {
      return await work()
    } catch (error) {
      if (delayMs === undefined || !isCollision(error)) throw databaseError(error)
      await delay(delayMs)
    }
  }
  throw new FlottaError('internal_error')
}

/** What the database said, as an error of the closed table. The message holds nothing of it; the cause does. */
export function databaseError(error: unknown): Error {
  if (isFlottaError(error) || isProgrammingError(error)) return error as Error
  return isFull(error)
    ? new FlottaError('storage_full', 'The disk of the database is full.', { cause: error })
    : new FlottaError('unavailable', 'The database could not be used.', { cause: error })
}

function isProgrammingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
}

function isCollision(error: unknown): boolean {
  return signsOf(error).some(({ code, kind }) => COLLISIONS.has(code) || kind === 'TransactionWriteConflict')
}

function isFull(error: unknown): boolean {
  return signsOf(error).some(({ code, message }) => FULL.has(code) || /database or disk is full|no space left/i.test(message))
}

interface Sign {
  readonly code: string
  readonly kind: string
  readonly message: string
}

/** Prisma wraps what a driver says in up to three layers; each may hold the code. */
function signsOf(error: unknown, depth = 0): Sign[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const { code, originalCode, rawCode, kind, message, originalMessage, cause, meta } = error as Record<string, unknown>
  const inner = (meta as Record<string, unknown> | undefined)?.driverAdapterError
  const own = [code, originalCode, rawCode].map((each) => ({
    code: String(each ?? ''),
    kind: String(kind ?? ''),
    message: `${message ?? ''} ${originalMessage ?? ''}`,
  }))
  return [...own, ...signsOf(cause, depth + 1), ...signsOf(inner, depth + 1)]
}
