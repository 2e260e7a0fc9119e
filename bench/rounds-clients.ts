/** Many clients in a process of their own, for benches that need more of them than a machine has cores. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity } from '@flotta/crypto'
import { createClient, createPoolExecutor, silentLogger } from '@flotta/runtime'

const [url = '', token = '', count = '1'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-clients-'))
const path = join(folder, 'table.csv')
writeFileSync(path, `x\n${Array.from({ length: 20 }, (_, row) => row).join('\n')}\n`)
const executor = createPoolExecutor({ workers: 1, memoryMb: 512, timeoutMs: 60_000, logger: silentLogger })
const clients = Array.from({ length: Number(count) }, (_, index) => {
  const workdir = join(folder, `client-${index}`)
  mkdirSync(workdir)
  const name = `table${index}`
  return createClient({
    nodeUrl: url,
    identity: generateIdentity(),
    name: `client${index}`,
    workdir,
    datasources: [
      { name, publish: 'summary', source: () => ({ kind: 'file', name, path, format: 'csv' }), tokens: () => [token] },
    ],
    executor,
    policy: { minimumRecords: 10, minimumCell: 10 },
    workers: 1,
  })
})
for (const client of clients) client.start()
await Promise.all(clients.map((client) => client.joined()))
process.send?.('joined')
process.once('message', async () => {
  await Promise.all(clients.map((client) => client.stop(1000)))
  await executor[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
  process.disconnect()
})
