import type { PlainStep } from '@flotta/contract'

/** Where products are taken or left: at the node, at one worker (the first or the last in turn; of a SecureSum the first), or at each of them. */
export type Place = 'node' | 'one' | 'each'

/** Where a step takes what came before it, and where it leaves what it produced. */
export function placeOf({ kind }: PlainStep): Place {
  switch (kind) {
    case 'Initialize':
    case 'Finalize':
      return 'node'
    case 'Sequential':
    case 'SecureSum':
      return 'one'
    case 'Parallel':
    case 'RoundRobin':
      return 'each'
    default:
      return kind satisfies never
  }
}
