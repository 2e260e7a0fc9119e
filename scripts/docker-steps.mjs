// `npm run docker-steps`: every step of docker/*.Dockerfile and the services of docker/compose.yaml, without an engine.
// `-- --quick` leaves out what `npm test` has done in this checkout: fetching, installing, building.
import { join } from 'node:path'
import { build, install, root, run } from './lib/workspace.mjs'

await install()
await build()
const program = join(root, 'e2e', 'docker', 'main.ts')
const args = ['--conditions', '@flotta/source', '--import', 'tsx', program, ...process.argv.slice(2)]
process.exit(await run(process.execPath, args, { stdout: 'stdout' }))
