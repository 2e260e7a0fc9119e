import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, install, root } from './workspace.mjs'

/** Runs one of the apps from a checkout, after a build where one is needed; standard output is the app's alone. */
export async function runApp(...path) {
  const silent = { tell: () => undefined }
  await install(silent)
  await build(silent)
  const cwd = process.env.INIT_CWD ?? process.cwd()
  const child = spawn(process.execPath, [join(root, 'apps', ...path), ...process.argv.slice(2)], { cwd, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}
