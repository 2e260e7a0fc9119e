import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the process of the clients says. */
export type ClientsMessage =
  | { readonly kind: 'joined'; readonly clients: number }
  /** A client has its task and begins. */
  | { readonly kind: 'began'; readonly client: number; readonly atMs: number }
  /** How many requests all of them have made, whenever that is asked. */
  | { readonly kind: 'requests'; readonly count: number }

export interface SimulatedClientsOptions {
  readonly url: string
  readonly count: number
  /** The project of all of them. */
  readonly token: string
  /** Projects of one client each: the first has the first token besides, and so on. */
  readonly ownTokens?: readonly string[]
}

export interface SimulatedClients extends AsyncDisposable {
  /** Resolves with the time (by the clock of all processes) at which a client begins its next job. */
  began(client: number): Promise<number>
  /** How many requests they have sent since their start. */
  requests(): Promise<number>
}

const script = fileURLToPath(new URL('simulated-clients-process.ts', import.meta.url))

/** Many clients in one process of their own: each signs, seals and asks like any other, and does no work on data. */
export async function startSimulatedClients(options: SimulatedClientsOptions): Promise<SimulatedClients> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-bench-clients-'))
  const child = fork(script, [folder, JSON.stringify(options)], {
    execArgv: ['--import', 'tsx', '--max-old-space-size=8192'],
    env: { ...process.env, NODE_OPTIONS: '--conditions=@flotta/source' },
  })
  const waiting = new Map<number, (atMs: number) => void>()
  let counted: ((requests: number) => void) | undefined
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)))
    child.on('message', (message) => {
      const said = message as ClientsMessage
      switch (said.kind) {
        case 'joined':
          return resolve()
        case 'began':
          return waiting.get(said.client)?.(said.atMs)
        case 'requests':
          return counted?.(said.count)
        default:
          return said satisfies never
      }
    })
  })
  return {
    began: (client) => new Promise((resolve) => waiting.set(client, resolve)),
    requests: () =>
      new Promise((resolve) => {
        counted = resolve
        child.send('requests')
      }),
    async [Symbol.asyncDispose]() {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** They need not say good-bye: with thousands of them that takes long. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
