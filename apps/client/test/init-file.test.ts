import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@flotta/config'
import { afterAll, describe, expect, it } from 'vitest'
import { runProgram } from '../src/cli/command-line.ts'
import { createServiceProgram } from '../src/cli/service-program.ts'
import { addInit } from '../src/commands/init.ts'
import { type InitAnswers, initFile } from '../src/commands/init-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-init-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const answers: InitAnswers = {
  mode: 'client',
  name: 'north: "1" $' + '{HOME}',
  tokenEnv: 'TOKEN',
  port: 1457,
  project: 'study',
  joinUrl: 'https://node.example.org',
  fingerprint: '',
  data: '/data/iris: 1.parquet',
}
const env = { TOKEN: 'secret' }

describe('a file that init writes', () => {
  it.each(['client', 'node'] as const)('is a complete configuration of a %s, whatever the names hold', (mode) => {
    const file = join(folder, `${mode}.yaml`)
    writeFileSync(file, initFile({ ...answers, mode }))
    const { config } = loadConfig({ file, env })
    expect(config).toMatchObject({ mode, node: { name: answers.name } })
    if (mode === 'client') {
      expect(config.join.url).toBe('https://node.example.org')
      expect(config.datasources).toMatchObject([{ name: 'iris: 1', type: 'parquet', path: answers.data }])
    } else expect(config.node).toMatchObject({ port: 1457, initialProjects: [{ name: 'study' }] })
  })

  it('names the schema for editors, and holds no token', () => {
    expect(initFile(answers)).toMatch(/^# yaml-language-server: \$schema=/)
    expect(initFile(answers)).toContain('token: $' + '{TOKEN}')
  })
})

describe('init', () => {
  const init = (...args: string[]) => {
    const program = createServiceProgram({
      name: 'flotta',
      description: '',
      run: () => ({ stop: async () => undefined }),
      leave: async () => undefined,
    })
    addInit(program)
    return runProgram(program, ['init', ...args])
  }

  it('writes from flags, and never overwrites', async () => {
    const file = join(folder, 'new.yaml')
    const flags = ['-c', file, '--mode', 'client', '--join-url', 'http://n:1', '--data', 'a.csv', '--token-env', 'TOKEN']
    expect(await init(...flags)).toBe(0)
    const text = readFileSync(file, 'utf8')
    expect(await init(...flags, '--name', 'other')).toBe(8)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(loadConfig({ file, env }).config.mode).toBe('client')
  })

  it('that is left open and has nobody to ask names the flag', async () => {
    expect(await init('-c', join(folder, 'open.yaml'), '--mode', 'client')).toBe(2)
  })
})
