import type { ComponentId } from '@flotta/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { joinReplicas } from '../../src/node/join-replicas.ts'
import { type NodeContext, wakeEverywhere, wakeLater } from '../../src/node/node-context.ts'
import { Presence } from '../../src/node/presence.ts'
import { WakeUps } from '../../src/node/wake-ups.ts'
import { silentLogger } from '../../src/ports/logger.ts'

const north = 'cmp_north' as ComponentId
const HEARTBEAT_MS = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Two processes of one node, of which each hears what the other says. */
function twoProcesses() {
  const listeners: ((words: readonly string[] | undefined) => void)[] = []
  const process = (index: number) => {
    const context = {
      wakeUps: new WakeUps(),
      presence: new Presence(3 * HEARTBEAT_MS),
      directory: { forgetAll: () => undefined },
      heartbeatS: HEARTBEAT_MS / 1000,
      logger: silentLogger,
      store: {
        replicas: {
          listen: (heard: (words: readonly string[] | undefined) => void) => {
            listeners[index] = heard
            return () => undefined
          },
          tell: async (words: readonly string[]) => listeners[1 - index]!(words),
        },
      },
    } as unknown as NodeContext
    joinReplicas(context)
    return context
  }
  return { first: process(0), second: process(1) }
}

async function woken({ wakeUps }: NodeContext, withinMs: number): Promise<boolean> {
  const listener = wakeUps.listen(north)
  const waiting = listener.wait(withinMs)
  await vi.advanceTimersByTimeAsync(withinMs)
  return waiting
}

describe('two processes of one node', () => {
  it('wake those who wait at the other', async () => {
    const { first, second } = twoProcesses()
    const waiting = second.wakeUps.listen(north).wait(100)
    wakeEverywhere(first, [north])
    expect(await waiting).toBe(true)
  })

  it('both keep the time at which a component is to be woken: the one that was told to may be gone by then', async () => {
    const { first, second } = twoProcesses()
    wakeLater(first, north, 5000)
    expect(await woken(second, 4990)).toBe(false)
    expect(await woken(second, 20)).toBe(true)
  })

  it('know who has a question held at the other, for as long as that is', async () => {
    const { first, second } = twoProcesses()
    const release = first.presence.holds(north)
    await vi.advanceTimersByTimeAsync(10 * HEARTBEAT_MS)
    expect(second.presence.isHere(north)).toBe(true)
    release()
    await vi.advanceTimersByTimeAsync(5 * HEARTBEAT_MS)
    expect(second.presence.isHere(north)).toBe(false)
  })
})
