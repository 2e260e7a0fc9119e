import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@flotta/config'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'flotta-asks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const flotta = fileURLToPath(new URL('../../apps/node/bin/flotta.js', import.meta.url))

/** Runs `flotta init` at a terminal, and answers each question when it comes. */
async function answer(file: string, answers: readonly (readonly [question: string, answer: string])[]) {
  const command = `${process.execPath} ${flotta} init -c ${file}`
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const left = [...answers]
  let screen = ''
  let unanswered = ''
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk
    unanswered += chunk
    const [next] = left
    if (next === undefined || !unanswered.includes(next[0])) return
    left.shift()
    unanswered = ''
    child.stdin.write(next[1])
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, screen, left }
}

describe.skipIf(spawnSync('script', ['--version']).error !== undefined)('flotta init at a terminal', () => {
  const env = { PROJECT_TOKEN: 'secret', STUDY: 'secret' }

  it('asks for a node, again where an answer will not do, and writes what loads', async () => {
    const file = join(folder, 'node.yaml')
    const { code, screen, left } = await answer(file, [
      ['Node or client [node]: ', 'server\r'],
      ['Node or client [node]: ', '\r'],
      ['Its name [flottaNode]: ', 'Ospedale "Civico" $1\r'],
      ['Port [1456]: ', 'many\r'],
      ['Port [1456]: ', '1460\r'],
      ['first project [demo]: ', 'study\r'],
      ['token [PROJECT_TOKEN]: ', '1X\r'],
      ['token [PROJECT_TOKEN]: ', '\r'],
    ])
    expect(left, screen).toEqual([])
    expect(code).toBe(0)
    expect(loadConfig({ file, env }).config).toMatchObject({
      mode: 'node',
      node: { name: 'Ospedale "Civico" $1', port: 1460, initialProjects: [{ name: 'study' }] },
    })
  })

  it('asks for a client, insists on what it needs, and writes what loads', async () => {
    const file = join(folder, 'client.yaml')
    const { code, screen, left } = await answer(file, [
      ['Node or client [node]: ', 'client\r'],
      ['Its name [flottaClient]: ', '\r'],
      ['URL of its node: ', 'node.example.org\r'],
      ['URL of its node: ', 'https://node.example.org\r'],
      ['fingerprint, if you have it: ', '\r'],
      ['Path of its table: ', '\r'],
      ['Path of its table: ', 'patients.tsv\r'],
      ['token [PROJECT_TOKEN]: ', 'STUDY\r'],
    ])
    expect(left, screen).toEqual([])
    expect(code).toBe(0)
    const { config } = loadConfig({ file, env })
    expect(config).toMatchObject({
      mode: 'client',
      join: { url: 'https://node.example.org' },
      datasources: [{ name: 'patients' }],
    })
  })

  it('writes nothing when its terminal is closed in between, and says so', async () => {
    const file = join(folder, 'never.yaml')
    const { code, screen } = await answer(file, [
      ['Node or client [node]: ', '\r'],
      ['Its name [flottaNode]: ', '\u0004'],
    ])
    expect(code).toBe(2)
    expect(screen).toContain('The terminal was closed before all was answered')
    expect(existsSync(file)).toBe(false)
  })
})
