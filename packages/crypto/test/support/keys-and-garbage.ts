/** Makes keys and reads their bytes while garbage is collected every few allocations; ends with code 0 unless it waits for ever. */
import { generateKeyPairSync } from 'node:crypto'
import { generateEphemeralKey, rawPrivateKey, rawPublicKey } from '../../src/identity/raw-key.ts'

for (let i = 0; i < 3000; i++) {
  generateEphemeralKey()
  rawPublicKey(generateKeyPairSync('x25519').publicKey)
  rawPrivateKey(generateKeyPairSync('ed25519').privateKey)
}
