import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const scripts = { node: '../../apps/node/bin/flotta.js', client: '../../apps/client/bin/flotta-client.js' } as const

/** One of the apps as an operating-system process, as an operator runs it; it has to be built before. */
export class AppProcess implements AsyncDisposable {
  readonly lines: string[] = []
  readonly #process: ChildProcess
  readonly #listeners = new Set<() => void>()
  /** The exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>

  constructor(app: keyof typeof scripts, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const script = fileURLToPath(new URL(scripts[app], import.meta.url))
    this.#process = spawn(process.execPath, [script, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exited = new Promise((resolve) => this.#process.once('close', (code, signal) => resolve(code ?? signal ?? 1)))
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line)
        for (const listener of [...this.#listeners]) listener()
      })
    }
    void this.exited.then(() => {
      for (const listener of [...this.#listeners]) listener()
    })
  }

  get pid(): number {
    return this.#process.pid!
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** The first match among the lines from number `from` on, as soon as there is one; rejects when the process ends without. */
  said(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = this.lines
          .slice(from)
          .map((line) => pattern.exec(line))
          .find((found) => found !== null)
        if (match) resolve(match)
        else if (!this.running) reject(new Error(`the process ended without saying ${pattern}:\n${this.lines.join('\n')}`))
        else return
        this.#listeners.delete(look)
      }
      this.#listeners.add(look)
      look()
    })
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Ends the processes that run its jobs, as far as the system tells of them (Linux). */
  killWorkers(signal: NodeJS.Signals = 'SIGKILL'): void {
    for (const pid of this.#workers()) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has just ended by itself.
      }
    }
  }

  /** The processes that run its jobs, or wait for one. */
  #workers(): number[] {
    if (!this.running) return []
    const children = `/proc/${this.pid}/task/${this.pid}/children`
    return existsSync(children) ? readFileSync(children, 'utf8').split(' ').filter(Boolean).map(Number) : []
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL')
    await this.exited
  }
}
