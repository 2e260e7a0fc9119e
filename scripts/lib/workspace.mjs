import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const windows = process.platform === 'win32'

/** The environment of every tool: pinned binaries first, no telemetry, and nothing that a tool would download. */
export const toolEnv = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  CHECKPOINT_DISABLE: '1',
  npm_config_update_notifier: 'false',
  NO_UPDATE_NOTIFIER: '1',
}

/**
 * Runs a program to its end and answers its exit code. What it says goes to standard error, or is kept back and printed only
 * if it fails where `quiet` is asked for.
 */
export function run(command, args, { quiet = false, stdout = 'stderr', env = toolEnv, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell: windows, stdio: ['inherit', 'pipe', 'pipe'] })
    const kept = []
    const keep = (chunk) => kept.push(chunk)
    child.stdout.on('data', quiet ? keep : (chunk) => process[stdout].write(chunk))
    child.stderr.on('data', quiet ? keep : (chunk) => process.stderr.write(chunk))
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward)
      if (quiet && code !== 0) for (const chunk of kept) process.stderr.write(chunk)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/** Runs a program that must succeed. */
export async function mustRun(what, command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) {
    process.stderr.write(`\n${what} failed with exit code ${code}.\n`)
    process.exit(code)
  }
}

export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Installs the pinned dependencies, unless they are installed already. Needs npm and its registry, nothing else. */
export async function install({ quiet = true, tell = say } = {}) {
  requireNode()
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.flotta-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  tell(`Installing the dependencies with ${packageManager} (the lockfile pins every one; no install script runs) …`)
  await mustRun('The installation', 'npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    quiet,
  })
  writeFileSync(stamp, lock)
}

/** Builds all packages; what has not changed is not built again. */
export async function build({ tell = say } = {}) {
  tell('Building the packages …')
  await mustRun('The build', join(bin, 'turbo'), ['run', 'build', '--output-logs=errors-only'], { quiet: true })
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  say(`flotta needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}
