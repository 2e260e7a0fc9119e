import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { AppProcess } from '../support/app-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function end(
  app: 'node' | 'client',
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | NodeJS.Signals; text: string }> {
  const process = new AppProcess(app, args, env)
  const code = await process.exited
  return { code, text: process.lines.join('\n') }
}

function config(text: string): string {
  const file = join(folder, `config-${Math.random()}.yaml`)
  writeFileSync(file, text)
  return file
}

describe.each(['node', 'client'] as const)('the command of the %s', (app) => {
  it('prints help and version, and exits with 0', async () => {
    expect(await end(app, ['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('--config') })
    expect(await end(app, ['--version'])).toMatchObject({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  })

  it('exits with 2 on a usage error, naming the remedy (F2)', async () => {
    expect(await end(app, ['--confg', 'x'])).toMatchObject({
      code: 2,
      text: expect.stringMatching(/unknown option '--confg'[\s\S]*--help/),
    })
    expect(await end(app, ['start'])).toMatchObject({ code: 2 })
  })

  it('exits with 3 on a configuration that is not there', async () => {
    expect(await end(app, ['-c', join(folder, 'nowhere.yaml')])).toMatchObject({
      code: 3,
      text: expect.stringContaining('nowhere.yaml'),
    })
  })
})

describe('a configuration with three mistakes', () => {
  it('is reported with all three, each with its line, and exit code 3; no secret is printed', async () => {
    const file = config(
      'mode: node\nnode:\n  port: abc\n  naem: x\n  token_projects_initial:\n    - { name: p, token: "s3cret-token" }\njoin:\n  first: false\n',
    )
    const { code, text } = await end('node', ['-c', file])
    expect(code).toBe(3)
    expect(text).toMatch(/:3.*node\.port/)
    expect(text).toMatch(/:4.*naem/)
    expect(text).toMatch(/join\.url/)
    expect(text).not.toContain('s3cret-token')
  })

  it('a client without a node to join names what is missing', async () => {
    const { code, text } = await end('client', ['-c', config('mode: client\n')])
    expect(code).toBe(3)
    expect(text).toMatch(/join\.url/)
  })
})

describe('keys', () => {
  it('that others could read stop the start, with the command that mends it (A15)', async () => {
    const workdir = join(folder, 'open')
    mkdirSync(join(workdir, 'keys'), { recursive: true })
    chmodSync(join(workdir, 'keys'), 0o755)
    const { code, text } = await end('node', [
      '-c',
      config(`workdir: ${workdir}\nmode: node\nnode: { interface: 127.0.0.1, port: 0 }\njoin: { first: true }\n`),
    ])
    expect(code).toBe(3)
    expect(text).toMatch(/chmod/)
  })
})
