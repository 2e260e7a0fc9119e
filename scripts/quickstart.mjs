// `npm run quickstart`: installs, builds and runs the main job; see examples/quickstart.ts for the researcher's side of it.
import { join } from 'node:path'
import { build, install, root, run, toolEnv } from './lib/workspace.mjs'

await install()
await build()
const code = await run(
  process.execPath,
  ['--import', 'tsx', join(root, 'examples', 'network', 'main.ts'), ...process.argv.slice(2)],
  {
    stdout: 'stdout',
    env: { ...toolEnv, INIT_CWD: process.env.INIT_CWD ?? process.cwd() },
  },
)
process.exit(code)
