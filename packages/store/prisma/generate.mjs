// Makes the two database clients in `src/generated` from `models.prisma`. Works offline; silent unless something is wrong;
// leaves a client alone that was made from the same model by the same version.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dialects, schemaOf } from './dialects.mjs'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = require('prisma/package.json')

for (const dialect of dialects) {
  const output = join(root, 'src', 'generated', dialect)
  const stamp = join(output, 'made-from.prisma')
  const source = `// prisma ${version}\n${schemaOf(dialect)}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === source) continue
  generate(dialect, output)
  if (process.exitCode === undefined) writeFileSync(stamp, source)
}

function generate(dialect, output) {
  const scratch = mkdtempSync(join(root, 'node_modules', '.generate-'))
  try {
    const schema = join(scratch, `${dialect}.prisma`)
    // The schema stands in the client too: a path of the machine that made it has no business there.
    writeFileSync(schema, schemaOf(dialect, relative(scratch, output)))
    runPrisma(dialect, schema)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function runPrisma(dialect, schema) {
  const arguments_ = [require.resolve('prisma/build/index.js'), 'generate', '--schema', schema, '--no-hints']
  const { status, stdout, stderr, error } = spawnSync(process.execPath, arguments_, {
    cwd: root,
    encoding: 'utf8',
    // Generation needs no schema engine, yet looks for one and would download it: any executable satisfies it.
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
    },
  })
  if (status === 0) return
  process.stderr.write(`prisma generate (${dialect}) failed\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`)
  process.exitCode = 1
}
