// `npm run verify`: everything that a change must pass, in the order in which it fails fastest.
import { join } from 'node:path'
import { build, install, mustRun, root, say } from './lib/workspace.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)

await install()
say('Format, lint, layers and cycles …')
await mustRun('Biome', bin('biome'), ['check', '--error-on-warnings', '.'])
await build()
say('Types …')
await mustRun('The type check', bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only'])
say('Packages as npm would publish them …')
await mustRun('The package check', bin('turbo'), ['run', 'check:package', '--output-logs=errors-only'])
await mustRun('The tests', process.execPath, [join(root, 'scripts', 'test.mjs')], { stdout: 'stdout' })
say('Verified: format, lint, layers, types, packages and tests.')
