import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a program of this folder in a process of its own, from its source. */
export function runChild(program: string, ...programArguments: string[]): ChildProcess {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const flags = ['--conditions', '@flotta/source', '--import', import.meta.resolve('tsx')]
  return spawn(process.execPath, [...flags, file, ...programArguments], { stdio: ['ignore', 'pipe', 'inherit'] })
}

export function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code)))
}
