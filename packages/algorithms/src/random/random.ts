import { assertInteger } from '../check.ts'
import { mix32 } from './mix.ts'
import { xoshiro128 } from './xoshiro128.ts'

const TWO_POW_32 = 2 ** 32

/** A seeded source of numbers: the same seed gives the same sequence on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 2³²). */
  uint32(): number
  /** Uniform in [0, 1), with 53 random bits. */
  float64(): number
  /** Uniform in [0, bound), without modulo bias; `bound` is an integer in [1, 2³²]. */
  below(bound: number): number
}

/**
 * The random source of a seed.
 *
 * @param seed an integer in [0, 2⁵³)
 */
export function createRandom(seed: number): Random {
  return deriveRandom(seed)
}

/**
 * The random source at a path below a seed: independent of the sources at other paths, and of the order in which they are asked for.
 *
 * `deriveRandom(seed, treeIndex)` gives each tree of a forest its own stream.
 *
 * @param path integers in [0, 2⁵³)
 */
export function deriveRandom(seed: number, ...path: readonly number[]): Random {
  const uint32 = xoshiro128(seedState([seed, ...path]))
  return {
    uint32,
    float64: () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53,
    below: (bound) => {
      assertInteger(bound, 'bound', 1, TWO_POW_32)
      for (;;) {
        // The 64-bit product draw × bound, from two exact 48-bit ones: its upper half is the result.
        const draw = uint32()
        const low = (draw & 0xffff) * bound
        const carry = Math.floor(low / 65536)
        const middle = (draw >>> 16) * bound + carry
        const high = Math.floor(middle / 65536)
        const fraction = (middle - high * 65536) * 65536 + (low - carry * 65536)
        if (fraction >= bound || fraction >= TWO_POW_32 % bound) return high
      }
    },
  }
}

/** Hashes the numbers into 128 bits: four lanes that absorb each 32-bit half with different constants. */
function seedState(numbers: readonly number[]): Int32Array {
  const state = new Int32Array(4)
  for (let lane = 0; lane < 4; lane++) {
    let hash = mix32(Math.imul(lane + 1, 0x9e3779b9) ^ numbers.length)
    for (const number of numbers) {
      assertInteger(number, 'a seed', 0)
      hash = mix32((hash + 0x9e3779b9) ^ ((number % TWO_POW_32) | 0))
      hash = mix32((hash + 0x9e3779b9) ^ Math.floor(number / TWO_POW_32))
    }
    state[lane] = hash
  }
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1
  return state
}
