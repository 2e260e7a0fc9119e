import type { ComponentId } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { Presence } from '../../src/node/presence.ts'

const north = 'cmp_north' as ComponentId

function presence() {
  const clock = { ms: 0 }
  return { clock, presence: new Presence(30, () => clock.ms) }
}

describe('a component', () => {
  it('is here for some time after it has spoken, at this process or at another one', () => {
    const { clock, presence: here } = presence()
    expect(here.isHere(north)).toBe(false)
    for (const speak of [() => here.heard(north), () => here.heardElsewhere(north)]) {
      speak()
      clock.ms += 30
      expect(here.isHere(north)).toBe(true)
      clock.ms += 1
      expect(here.isHere(north)).toBe(false)
    }
  })

  it('is here for as long as one of its questions is held, and some time after that', () => {
    const { clock, presence: here } = presence()
    const [first, second] = [here.holds(north), here.holds(north)]
    clock.ms += 1000
    first()
    clock.ms += 1000
    expect(here.isHere(north)).toBe(true)
    second()
    clock.ms += 30
    expect(here.isHere(north)).toBe(true)
    clock.ms += 1
    expect(here.isHere(north)).toBe(false)
  })

  it('is told of to the other processes again and again while a question of its is held', () => {
    const { presence: here } = presence()
    const release = here.holds(north)
    expect([here.takeNews(), here.takeNews()]).toEqual([[north], [north]])
    release()
    expect([here.takeNews(), here.takeNews()]).toEqual([[north], []])
  })
})
