import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { createRequest, generateIdentity, type Identity, openBytes, sealBytes, verifyRequest } from '@flotta/crypto'

const BODY_BYTES = 1024
const STREAM_BYTES = 32 * 1024 * 1024
const WARM_UP_ROUND_TRIPS = 300

export interface ExchangeCryptoResult {
  /** A signed and sealed request of 1 KB of JSON and its signed and sealed answer, both ends in this process. */
  readonly roundTripsPerS: number
  /** A sealed resource, both directions counted alone. */
  readonly sealMbPerS: number
  readonly openMbPerS: number
}

/** What the cryptography of the exchange costs on this machine: no network, one thread. */
export async function exchangeCryptoBench(durationMs = 3000): Promise<ExchangeCryptoResult> {
  const [client, node] = [generateIdentity(), generateIdentity()]
  const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(BODY_BYTES - 11) }))
  for (let i = 0; i < WARM_UP_ROUND_TRIPS; i++) await roundTrip(client, node, body)
  const start = performance.now()
  let roundTrips = 0
  while (performance.now() - start < durationMs) {
    await roundTrip(client, node, body)
    roundTrips++
  }
  const roundTripsPerS = Math.round((roundTrips * 1000) / (performance.now() - start))
  return { roundTripsPerS, ...streamSpeed(node) }
}

async function roundTrip(client: Identity, node: Identity, body: Uint8Array): Promise<void> {
  const target = { method: 'POST', path: '/task/result', query: '?wait=1' }
  const nowMs = Date.now()
  const request = createRequest({ sender: client, recipient: node.document, ...target, body, nowMs })
  const verdict = await verifyRequest(
    { ...target, headers: request.headers },
    { identity: node, nowMs, clockSkewMs: 60_000, findKey: () => client.document, acceptNonce: () => true },
  )
  if (!verdict.ok) throw new Error(verdict.reason)
  const received = verdict.openBody(request.body!)
  const answer = verdict.responses.seal({ status: 200, body: received })
  const opened = request.responses.open({ status: 200, ...answer })
  if (!opened.ok || opened.body.length !== body.length) throw new Error('the answer does not open')
}

function streamSpeed(node: Identity): { sealMbPerS: number; openMbPerS: number } {
  const plaintext = randomBytes(STREAM_BYTES)
  const options = { recipients: [node.document], contentType: 'application/octet-stream', context: 'bench' }
  const start = performance.now()
  const sealed = sealBytes(options, plaintext)
  const between = performance.now()
  openBytes({ identity: node, context: 'bench' }, sealed)
  const perS = (ms: number) => Math.round(STREAM_BYTES / 1000 / ms)
  return { sealMbPerS: perS(between - start), openMbPerS: perS(performance.now() - between) }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(JSON.stringify(await exchangeCryptoBench()))
}
