// `npm run bench`: the figures that the README quotes, as a table on standard error and as JSON on standard output.
import { join } from 'node:path'
import { build, install, root, run } from './lib/workspace.mjs'

await install()
await build()
process.exit(
  await run(process.execPath, ['--import', 'tsx', join(root, 'bench', 'main.ts'), ...process.argv.slice(2)], {
    stdout: 'stdout',
  }),
)
