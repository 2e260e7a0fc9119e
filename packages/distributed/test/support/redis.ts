import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { freePort } from '../../../store/test/support/free-port.ts'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

export interface TestRedis extends AsyncDisposable {
  readonly url: string
  /** The keys that match a pattern. */
  keys(pattern: string): Promise<string[]>
  /** Forgets everything, as FLUSHALL does. */
  flush(): Promise<void>
  /** Ends the server with SIGKILL; answers what starts one in its place, which knows nothing. */
  kill(): Promise<() => Promise<void>>
}

/** A Redis server of this test run alone, that keeps nothing on the disk. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server = await start(port)
  const kill = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
  }
  const asked = async <T>(ask: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(url)
    try {
      return await ask(client)
    } finally {
      client.disconnect()
    }
  }
  return {
    url,
    keys: (pattern) => asked((client) => client.keys(pattern)),
    flush: () => asked((client) => client.flushall()).then(() => undefined),
    async kill() {
      await kill()
      return async () => {
        server = await start(port)
      }
    },
    [Symbol.asyncDispose]: kill,
  }
}

function start(port: number): Promise<ChildProcess> {
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject).once('exit', () => reject(new Error('redis-server ended')))
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (/Ready to accept connections/.test(line)) resolve(server)
    })
  })
}
