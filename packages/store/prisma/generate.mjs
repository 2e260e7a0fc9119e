// Makes the two database clients in `src/generated` from `models.prisma`. Works offline; silent unless something is wrong.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dialects, schemaOf } from './dialects.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')
const scratch = mkdtempSync(join(root, 'node_modules', '.generate-'))

try {
  for (const dialect of dialects) generate(dialect)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function generate(dialect) {
  const output = join(root, 'src', 'generated', dialect)
  const schema = join(scratch, `${dialect}.prisma`)
  writeFileSync(schema, schemaOf(dialect, output))
  rmSync(output, { recursive: true, force: true })
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [prisma, 'generate', '--schema', schema, '--no-hints'], {
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
