/** The process of `simulated-clients.ts`. */
import { subscribe } from 'node:diagnostics_channel'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeTensors } from '@flotta/algorithms'
import { generateIdentity } from '@flotta/crypto'
import { createClient, type FlottaClient, type TaskExecutor } from '@flotta/runtime'
import type { ClientsMessage, SimulatedClientsOptions } from './simulated-clients.ts'

/** How many join at a time. */
const JOINING = 40

const [folder = '', options = '{}'] = process.argv.slice(2)
const { url, count, token, ownTokens = [] } = JSON.parse(options) as SimulatedClientsOptions
const path = join(folder, 'table.csv')
writeFileSync(path, 'x\n1\n')
const empty = encodeTensors({ description: { kind: 'Empty' }, tensors: {} })
const say = (message: ClientsMessage) => process.send?.(message)

/** Hands on what it is given, or an empty product: a Pass without a worker process. */
function handingOn(client: number): TaskExecutor {
  return {
    async execute({ inputs: [first] }) {
      say({ kind: 'began', client, atMs: Date.now() })
      const product = first === undefined ? empty : typeof first === 'string' ? await readFile(first) : first
      return { kind: 'completed', product, metrics: null, stop: false }
    },
    async describe({ publish }) {
      return { kind: 'described', metadata: { name: `table${client}`, publish, records: 100, features: [], problem: null } }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

function newClient(client: number): FlottaClient {
  const workdir = join(folder, `client-${client}`)
  mkdirSync(workdir)
  const name = `table${client}`
  const own = ownTokens[client]
  const tokens = own === undefined ? [token] : [token, own]
  return createClient({
    nodeUrl: url,
    identity: generateIdentity(),
    name: `client${client}`,
    workdir,
    datasources: [
      { name, publish: 'summary', source: () => ({ kind: 'file', name, path, format: 'csv' }), tokens: () => tokens },
    ],
    executor: handingOn(client),
    policy: { minimumRecords: 10, minimumCell: 10 },
    workers: 1,
  })
}

let requests = 0
subscribe('undici:request:create', () => requests++)
process.on('message', () => say({ kind: 'requests', count: requests }))
process.once('disconnect', () => process.exit(0))
for (let first = 0; first < count; first += JOINING) {
  const group = Array.from({ length: Math.min(JOINING, count - first) }, (_, i) => newClient(first + i))
  for (const client of group) client.start()
  await Promise.all(group.map((client) => client.joined()))
  if (first % 1000 < JOINING && first > 0) process.stderr.write(`  ${first} of ${count} clients have joined\n`)
}
say({ kind: 'joined', clients: count })
