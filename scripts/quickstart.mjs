// `npm run quickstart`: installs, builds and runs the main job; see examples/quickstart.ts for the researcher's side of it.
import { join } from 'node:path'
import { parseCommandLine, UsageError, usage } from '../examples/network/arguments.mjs'
import { build, install, root, run, say, toolEnv } from './lib/workspace.mjs'

const given = readArguments()
await install()
await build()
const program = join(root, 'examples', 'network', 'main.ts')
const env = { ...toolEnv, QUICKSTART_ARGUMENTS: JSON.stringify(given) }
process.exit(await run(process.execPath, ['--import', 'tsx', program], { stdout: 'stdout', env }))

/** What is wrong with the command line is said before anything is installed. */
function readArguments() {
  try {
    const read = parseCommandLine(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd())
    if (read !== undefined) return read
    say(usage)
    process.exit(0)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    say(`quickstart: ${error.message}`)
    process.exit(2)
  }
}
