import { describe, expect, it } from 'vitest'
import { faultsOf } from '../chaos/faults.ts'
import { runChaos } from '../chaos/run-chaos.ts'

const seed = 30

describe('while processes are killed and frozen and connections cut, slowed, muted and repeated', () => {
  it('every artifact that was acknowledged ends with the result of the calm, and each effect happens once (law 3)', async () => {
    const report = await runChaos({ seed, lengthMs: 4000, database: 'sqlite' })
    expect(report.problems).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(0)
    expect(Object.keys(report.faults).length).toBeGreaterThan(3)
  })

  it('what goes wrong, and when, is the seed’s choice alone', () => {
    const options = { seed, lengthMs: 60_000, server: true }
    expect(faultsOf(options)).toEqual(faultsOf(options))
    expect(faultsOf(options)).not.toEqual(faultsOf({ ...options, seed: seed + 1 }))
    const kinds = new Set(faultsOf(options).map(({ fault }) => fault.kind))
    expect([...kinds].sort()).toEqual([
      ...['break off', 'cut', 'delay', 'freeze', 'kill', 'kill workers', 'mute', 'refuse', 'repeat', 'stop database'],
    ])
  })
})
