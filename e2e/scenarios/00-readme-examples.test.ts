import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiled, compilerComplaints, readmeExample } from '../support/readme-example.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const libraries = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)
const examples = new Map(['README.md', ...libraries].map((readme) => [readme, readmeExample(readme)]))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotta-readme-'))
  symlinkSync(join(root, 'e2e', 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs an example as a program of its own, in a folder of its own; `until` says when it has shown what it can. */
async function runExample(readme: string, until?: RegExp): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', compiled(examples.get(readme)!)], {
    cwd: folder,
    env: { ...process.env, PORT: '0' },
  })
  let text = ''
  const hear = (chunk: Buffer) => {
    text += chunk.toString()
    if (until?.test(text)) child.kill('SIGTERM')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text }
}

describe('the example in a README', () => {
  it('has the types that the packages have, in every one', () => {
    expect(compilerComplaints(examples)).toEqual([])
  })

  it.each(['contract', 'algorithms', 'crypto', 'config', 'store'])('of %s runs to its end', async (name) => {
    const { code, text } = await runExample(`packages/${name}/README.md`)
    expect(code, text).toBe(0)
  })

  it('of runtime serves a node until it is told to stop', async () => {
    const { code, text } = await runExample('packages/runtime/README.md', /fingerprint ([a-z2-7]{4}-){7}[a-z2-7]{4}/)
    expect(code, text).toBe(0)
  })
})
