import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

interface LogLine {
  readonly level?: string
  readonly msg?: string
  readonly [field: string]: unknown
}

/** A node or a client as an operating-system process of its own; what goes wrong in it is told under its name. */
export class Service {
  readonly #name: string
  readonly #process: ChildProcess
  readonly #ended: Promise<void>
  readonly #listeners = new Set<(line: LogLine) => void>()
  #stopping = false

  constructor(
    name: string,
    script: string,
    config: string,
    options: { readonly env: NodeJS.ProcessEnv; readonly tell: (text: string) => void },
  ) {
    this.#name = name
    this.#process = spawn(process.execPath, [script, '-c', config], { env: options.env, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#ended = new Promise((resolve) => this.#process.once('close', () => resolve()))
    createInterface({ input: this.#process.stderr! }).on('line', (text) => this.#read(text, options.tell))
  }

  /** Resolves with the first line that contains a text; rejects when the process ends, or after `timeoutMs`, without one. */
  said(text: string, timeoutMs = 60_000): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (result: () => void) => {
        clearTimeout(timer)
        this.#listeners.delete(look)
        result()
      }
      const look = ({ msg }: LogLine) => {
        if (msg?.includes(text)) settle(() => resolve(msg))
      }
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${this.#name} did not get ready within ${timeoutMs / 1000} s`))),
        timeoutMs,
      )
      this.#listeners.add(look)
      void this.#ended.then(() => settle(() => reject(new Error(`${this.#name} ended before it was ready`))))
    })
  }

  /** Lets the process drain; after ten seconds it is ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#process.kill('SIGTERM')
    const force = setTimeout(() => this.#process.kill('SIGKILL'), 10_000)
    await this.#ended
    clearTimeout(force)
  }

  #read(text: string, tell: (text: string) => void): void {
    const line = parseLine(text)
    const worthTelling = line.level === undefined || line.level === 'error' || line.level === 'warn'
    if (worthTelling && !this.#stopping) tell(`[${this.#name}] ${line.msg ?? text}`)
    for (const listener of [...this.#listeners]) listener(line)
  }
}

function parseLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return {}
  }
}
