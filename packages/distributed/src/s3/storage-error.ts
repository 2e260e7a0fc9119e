import { FlottaError, isFlottaError } from '@flotta/contract'

interface ServiceError {
  readonly name?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** Whether there is no such object. A HEAD has no body that would say more. */
export function isAbsent(error: unknown): boolean {
  const { name, $metadata } = error as ServiceError
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404
}

export function bucketAbsent(cause: unknown): FlottaError {
  return new FlottaError('unavailable', 'The bucket of the resources is not there.', { cause })
}

/** What the service said, as an error of the closed table. It names no key, address or data; the cause is for this machine's log. */
export function storageError(error: unknown): Error {
  if (isFlottaError(error)) return error
  const { name } = error as ServiceError
  if (name === 'NoSuchBucket') return bucketAbsent(error)
  if (isAbsent(error)) return new FlottaError('not_found', undefined, { cause: error })
  if (name === 'QuotaExceeded' || name === 'XMinioStorageFull')
    return new FlottaError('storage_full', undefined, { cause: error })
  return new FlottaError('unavailable', 'The storage of the resources could not be used.', { cause: error })
}
