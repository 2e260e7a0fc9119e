import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const scripts = { flotta: '../../apps/node/bin/flotta.js', 'flotta-client': '../../apps/client/bin/flotta-client.js' } as const

/** What a command answered when it had ended. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command to its end, as a process of its own. */
export function runCommand(command: keyof typeof scripts, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return runScript(fileURLToPath(new URL(scripts[command], import.meta.url)), args, env)
}

/** Runs a file of JavaScript to its end, as a process of its own. */
export async function runScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, out, err }
}
