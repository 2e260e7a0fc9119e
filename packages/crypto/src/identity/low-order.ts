/**
 * y coordinates (little-endian, sign bit cleared) of the Ed25519 points of order 1, 2, 4 and 8, with the two that are
 * not reduced modulo 2^255 - 19. A signature by such a key would hold for many messages.
 */
const LOW_ORDER_Y: ReadonlySet<string> = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

export function isLowOrderSigningKey(raw: Uint8Array): boolean {
  const y = Buffer.from(raw)
  y[31]! &= 0x7f
  return LOW_ORDER_Y.has(y.toString('hex'))
}
