import { FlottaError, type Task } from '@flotta/contract'

/**
 * A site's own word on who reads what it makes for a secure sum, whatever the node orders: a mask is for its maker alone, and what is
 * added to goes on to one other component. Who holds the mask and a sum of few sites under it would know what they added.
 *
 * @throws {FlottaError} `invalid_artifact`
 */
export function checkMaskedReaders({ operation, output }: Task, ownId: string): void {
  if (operation.kind !== 'SecureSum') return
  const { part } = operation
  const [reader, ...others] = output.recipients.map(({ id }) => id)
  const isOwn = reader === ownId
  switch (part) {
    case 'mask':
      if (isOwn && others.length === 0) return
      throw new FlottaError('invalid_artifact', 'A mask is read by its maker alone.')
    case 'add':
      if (!isOwn && others.length === 0) return
      throw new FlottaError('invalid_artifact', 'What a site adds to goes on to one other component.')
    case 'unmask':
      return
    default:
      part satisfies never
  }
}
