import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { pythonWith } from './python.ts'
import { type Figure, median } from './statistics.ts'

const body = JSON.stringify({ name: 'thing', description: null, price: 42.5, tags: ['a', 'b', 'c'] })

/** Requests a second of a validated JSON endpoint, ours and FastAPI's in turn. */
export async function benchJsonEndpoint({
  rounds,
  seconds,
}: {
  readonly rounds: number
  readonly seconds: number
}): Promise<Figure[]> {
  const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
  const python = pythonWith('fastapi', 'uvicorn')
  const ours = await start(process.execPath, ['--import', 'tsx', here('json-server.ts')])
  const peer = python === undefined ? undefined : await start(python, [here('json-server-fastapi.py')])
  try {
    await load(ours.port, 1)
    if (peer) await load(peer.port, 1)
    const own: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < rounds; round++) {
      own.push(await load(ours.port, seconds))
      if (peer) theirs.push(await load(peer.port, seconds))
    }
    const ratio = peer ? median(own.map((value, round) => value / theirs[round]!)) : null
    return [
      { name: 'validated JSON endpoint', value: median(own), unit: 'requests/s', target: '', holds: null },
      { name: '… of FastAPI', value: peer ? median(theirs) : null, unit: 'requests/s', target: '', holds: null },
      { name: '… ratio to FastAPI', value: ratio, unit: '×', target: '≥ 1', holds: ratio === null ? null : ratio >= 1 },
    ]
  } finally {
    ours.process.kill()
    peer?.process.kill()
  }
}

async function load(port: number, seconds: number): Promise<number> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/item`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: 20,
    duration: seconds,
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`)
  return result.requests.average
}

function start(command: string, args: readonly string[]): Promise<{ process: ChildProcess; port: number }> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)))
    createInterface({ input: child.stdout }).once('line', (line) => resolve({ process: child, port: Number(line) }))
  })
}
