import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Figure, median } from './statistics.ts'

/** Signed and sealed round trips of 1 KB a second, requester and responder together on one core. */
export async function benchRoundTrips({ rounds }: { readonly rounds: number }): Promise<Figure[]> {
  const results = await measure(rounds)
  const overHttp = median(results.overHttp)
  return [
    {
      name: 'signed and sealed 1 KB round trip, over HTTP',
      value: overHttp,
      unit: '/s',
      target: '≥ 1000',
      holds: overHttp >= 1000,
    },
    { name: '… the exchange alone', value: median(results.exchange), unit: '/s', target: '', holds: null },
  ]
}

/** In a process of its own that is bound to one core where the system can do that. */
function measure(rounds: number): Promise<{ readonly overHttp: number[]; readonly exchange: number[] }> {
  const script = fileURLToPath(new URL('round-trips-one-core.ts', import.meta.url))
  const node = [process.execPath, '--import', 'tsx', script, String(rounds)]
  const [command = '', ...args] = process.platform === 'linux' ? ['taskset', '-c', '0', ...node] : node
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`${script} ended with ${code}`))))
  })
}
