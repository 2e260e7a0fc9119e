/**
 * The generator xoshiro128** 1.1 (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c): period 2¹²⁸ - 1.
 *
 * @param state four words, not all zero; it is advanced in place
 * @returns a function that gives the next unsigned 32-bit integer
 */
export function xoshiro128(state: Int32Array): () => number {
  return () => {
    const s1 = state[1]
    const product = Math.imul(s1, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const s2 = state[2] ^ state[0]
    const s3 = state[3] ^ s1
    state[1] = s1 ^ s2
    state[0] ^= s3
    state[2] = s2 ^ (s1 << 9)
    state[3] = (s3 << 11) | (s3 >>> 21)
    return result
  }
}
