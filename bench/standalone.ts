import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connect } from '@flotta/client-sdk'
import { type Figure, median } from './statistics.ts'

const flotta = fileURLToPath(new URL('../apps/node/bin/flotta.js', import.meta.url))
const RECORDS = 600

/** From the start of the process of a standalone network to when a researcher sees the records of its built-in table. */
export async function benchStandalone({ runs }: { readonly runs: number }): Promise<Figure[]> {
  await timeStart()
  const times: number[] = []
  for (let i = 0; i < runs; i++) times.push(await timeStart())
  const value = median(times)
  return [{ name: 'standalone: start → its records are seen', value, unit: 'ms', target: '≤ 2000', holds: value <= 2000 }]
}

async function timeStart(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-standalone-'))
  const startMs = performance.now()
  const env = { ...process.env, FLOTTA_MODE: 'standalone', FLOTTA_NODE__PORT: '0', FLOTTA_WORKDIR: join(folder, 'storage') }
  const child = spawn(process.execPath, [flotta], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    const [url, token] = await new Promise<[string, string]>((resolve, reject) => {
      void ended.then((code) => reject(new Error(`flotta ended with ${code}`)))
      createInterface({ input: child.stderr }).on('line', (line) => {
        const match = /FLOTTA_URL=(\S+) FLOTTA_TOKEN=(\S+)/.exec(line)
        if (match) resolve([match[1]!, match[2]!])
      })
    })
    await using workbench = await connect(url, { folder: join(folder, 'workbench') })
    const project = await workbench.project(token)
    while (project.records < RECORDS) await project.refresh()
    return performance.now() - startMs
  } finally {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}
