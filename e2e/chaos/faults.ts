import { createRandom } from '@flotta/algorithms'

export const sites = ['north', 'south', 'west'] as const
export type Site = (typeof sites)[number]
/** Of a node that several processes serve, `replica` is the second one. */
export type ProcessName = 'node' | 'replica' | Site
/** The way from one of those who call the node to it. */
export type LinkName = Site | 'researcher'

/** Something that goes wrong, and how long it lasts. */
export type Fault =
  /** SIGKILL; started again after a while. */
  | { readonly kind: 'kill'; readonly process: ProcessName; readonly forMs: number }
  /** SIGSTOP, and SIGCONT after a while. */
  | { readonly kind: 'freeze'; readonly process: ProcessName; readonly forMs: number }
  /** SIGKILL of the processes that run the jobs of a component, which lives on. */
  | { readonly kind: 'kill workers'; readonly process: ProcessName }
  /** All connections end at once. */
  | { readonly kind: 'cut'; readonly link: LinkName }
  /** All connections end, each in the middle of what is said on it next. */
  | { readonly kind: 'break off'; readonly link: LinkName; readonly forMs: number }
  /** No connection is made. */
  | { readonly kind: 'refuse'; readonly link: LinkName; readonly forMs: number }
  /** Every byte comes later, both ways. */
  | { readonly kind: 'delay'; readonly link: LinkName; readonly delayMs: number; readonly forMs: number }
  /** Requests arrive and answers don't; then all connections end. */
  | { readonly kind: 'mute'; readonly link: LinkName; readonly forMs: number }
  /** The last requests arrive once more, byte for byte. */
  | { readonly kind: 'repeat'; readonly link: LinkName; readonly requests: number }
  /** The database's server stops, and starts again after a while. */
  | { readonly kind: 'stop database'; readonly forMs: number }

export interface ScheduledFault {
  /** From the start of the disorder. */
  readonly atMs: number
  readonly fault: Fault
}

export interface ScheduleOptions {
  readonly seed: number
  readonly lengthMs: number
  /** Whether there is a server of a database that can stop. */
  readonly server: boolean
  /** Whether two processes serve the node. */
  readonly replicas?: boolean
}

const BREATHER_MS = 5000

const links: readonly LinkName[] = [...sites, 'researcher']

/** What goes wrong and when: the same for the same options. */
export function faultsOf({ seed, lengthMs, server, replicas = false }: ScheduleOptions): ScheduledFault[] {
  const random = createRandom(seed)
  const between = (low: number, high: number) => low + random.below(high - low + 1)
  const one = <T>(of: readonly T[]): T => of[random.below(of.length)]!
  const nodes: readonly ProcessName[] = replicas ? ['node', 'replica'] : ['node']
  const processes: readonly ProcessName[] = [...nodes, ...sites]
  const makers: readonly (() => Fault)[] = [
    () => ({ kind: 'kill', process: one(processes), forMs: between(0, 800) }),
    () => ({ kind: 'kill', process: one(nodes), forMs: between(0, 400) }),
    () => ({ kind: 'freeze', process: one(processes), forMs: between(100, 3000) }),
    () => ({ kind: 'kill workers', process: one(processes) }),
    () => ({ kind: 'cut', link: one(links) }),
    () => ({ kind: 'break off', link: one(links), forMs: between(100, 1500) }),
    () => ({ kind: 'refuse', link: one(links), forMs: between(100, 1500) }),
    () => ({ kind: 'delay', link: one(links), delayMs: between(5, 300), forMs: between(500, 3000) }),
    () => ({ kind: 'mute', link: one(links), forMs: between(50, 1500) }),
    () => ({ kind: 'repeat', link: one(links), requests: between(1, 20) }),
    ...(server ? [(): Fault => ({ kind: 'stop database', forMs: between(0, 1500) })] : []),
  ]
  const scheduled: ScheduledFault[] = []
  for (let atMs = between(50, 400); atMs < lengthMs; atMs += between(100, 1200)) {
    scheduled.push({ atMs, fault: one(makers)() })
    // Where something always goes wrong everybody waits, and little is under way that could be lost.
    if (random.below(15) === 0) atMs += BREATHER_MS
  }
  return scheduled
}
