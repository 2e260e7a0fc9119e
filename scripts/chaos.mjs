// `npm run chaos`: real processes while things go wrong as a seed says; e2e/chaos/main.ts has the options.
import { join } from 'node:path'
import { build, install, root, run } from './lib/workspace.mjs'

await install()
await build()
process.exit(
  await run(process.execPath, ['--import', 'tsx', join(root, 'e2e', 'chaos', 'main.ts'), ...process.argv.slice(2)], {
    stdout: 'stdout',
  }),
)
