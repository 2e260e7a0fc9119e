/** Round trips of a sealed 1 KB message, by the built packages as users have them; prints round trips a second, one figure a round. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { connectNode } from '@flotta/client-sdk/transport'
import { createRequest, generateIdentity, verifyRequest } from '@flotta/crypto'
import { echo, startResponder } from './round-trips-responder.ts'

const rounds = Number(process.argv[2] ?? 3)
const node = generateIdentity()
const client = generateIdentity()
const message = { text: 'x'.repeat(1000) }

/** The responder on a core of its own, as a node is that others call; null where there is no other core. */
async function nodeAlone(): Promise<number[] | null> {
  if (process.platform !== 'linux' || cpus().length < 2) return null
  const responder = spawnResponder()
  try {
    return await overHttp(await portOf(responder))
  } finally {
    responder.kill()
  }
}

async function together(): Promise<number[]> {
  const { port, close } = await startResponder(client.document)
  try {
    return await overHttp(port)
  } finally {
    close()
  }
}

async function overHttp(port: number): Promise<number[]> {
  const connected = await connectNode({ url: `http://127.0.0.1:${port}`, identity: client })
  const figures = await measured(() => connected.connection.call(echo, { body: message }), 16)
  await connected.close()
  return figures
}

function spawnResponder(): ChildProcess {
  const script = fileURLToPath(new URL('round-trips-responder.ts', import.meta.url))
  const program = [process.execPath, '--import', 'tsx', script, JSON.stringify(client.document)]
  return spawn('taskset', ['-c', '1', ...program], { stdio: ['ignore', 'pipe', 'inherit'] })
}

function portOf(responder: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    responder.stdout?.once('data', (line) => resolve(Number(line)))
    responder.once('exit', (code) => reject(new Error(`the responder ended with ${code}`)))
  })
}

async function exchangeAlone(): Promise<number[]> {
  const bytes = Buffer.from(JSON.stringify(message))
  const options = { identity: node, clockSkewMs: 60_000, findKey: () => client.document, acceptNonce: () => true }
  return measured(async () => {
    const nowMs = Date.now()
    const request = createRequest({
      sender: client,
      recipient: node.document,
      method: 'POST',
      path: '/echo',
      query: '',
      body: bytes,
      nowMs,
    })
    const verdict = await verifyRequest(
      { method: 'POST', path: '/echo', query: '', headers: request.headers },
      { ...options, nowMs },
    )
    if (!verdict.ok) throw new Error(verdict.reason)
    const opened = verdict.openBody(request.body!)
    const { headers, body } = verdict.responses.seal({ status: 200, body: opened! })
    if (!request.responses.open({ status: 200, headers, body }).ok) throw new Error('the answer was refused')
  }, 1)
}

/** Signing, sealing and HTTP together take some seconds until they are compiled. */
const WARM_UP_ROUNDS = 4

/** Calls a second, `rounds` times over about a second each, with a number of calls under way at once. */
async function measured(call: () => Promise<unknown>, concurrency: number): Promise<number[]> {
  const figures: number[] = []
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const start = performance.now()
    let calls = 0
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (performance.now() - start < 1000) {
          await call()
          calls++
        }
      }),
    )
    if (round >= 0) figures.push((calls * 1000) / (performance.now() - start))
  }
  return figures
}

process.stdout.write(
  JSON.stringify({ nodeAlone: await nodeAlone(), together: await together(), exchange: await exchangeAlone() }),
)
