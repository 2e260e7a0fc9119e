import type { ComponentId } from '@flotta/contract'

const HERE = 'here:'
const LATER = 'later:'

/** What the processes of one node say to each other: a key that was woken, who is here, and who is to be woken later. */
export type ReplicaWord =
  | { readonly kind: 'woken'; readonly key: string }
  | { readonly kind: 'here'; readonly id: ComponentId }
  | { readonly kind: 'later'; readonly id: ComponentId; readonly delayMs: number }

export function hereWord(id: ComponentId): string {
  return HERE + id
}

export function laterWord(id: ComponentId, delayMs: number): string {
  return `${LATER}${delayMs}:${id}`
}

export function readWord(word: string): ReplicaWord {
  if (word.startsWith(HERE)) return { kind: 'here', id: word.slice(HERE.length) as ComponentId }
  if (!word.startsWith(LATER)) return { kind: 'woken', key: word }
  const [, delayMs = '', id = ''] = word.split(':')
  return { kind: 'later', id: id as ComponentId, delayMs: Number(delayMs) }
}
