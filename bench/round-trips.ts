import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Figure, median } from './statistics.ts'

/** Signed and sealed round trips of 1 KB a second over HTTP, the responder on one core: with another core for the requester, and without. */
export async function benchRoundTrips({ rounds }: { readonly rounds: number }): Promise<Figure[]> {
  const results = await measure(rounds)
  const onOneCore = median(results.nodeAlone ?? results.together)
  return [
    {
      name: 'signed and sealed 1 KB round trips, the node on one core',
      value: onOneCore,
      unit: '/s',
      target: '≥ 1000',
      holds: onOneCore >= 1000,
    },
    { name: '… with who asks on the same core', value: median(results.together), unit: '/s', target: '', holds: null },
    {
      name: '… both sides of the exchange alone, without HTTP',
      value: median(results.exchange),
      unit: '/s',
      target: '',
      holds: null,
    },
  ]
}

interface Results {
  readonly nodeAlone: number[] | null
  readonly together: number[]
  readonly exchange: number[]
}

/** In a process of its own that is bound to one core where the system can do that. */
function measure(rounds: number): Promise<Results> {
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
