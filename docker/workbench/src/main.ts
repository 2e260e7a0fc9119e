/** Tries a network out as a researcher would, and ends with 0 if every answer is right, with 1 if not. */
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { connect, type Project, readCsv } from '@flotta/client-sdk'
import { holds, lineOf } from './check.ts'
import { pooledTable } from './pooled-table.ts'
import { runScenario } from './scenario.ts'

const WAIT_MS = 120_000
const VALIDATION = 'validation'
const TABLE = 'table.csv'

const { FLOTTA_URL = 'http://node:1456', FLOTTA_TOKEN = '', LABEL = 'hospitalised', DATA = '/data' } = process.env
const say = (text: string) => process.stdout.write(`${text}\n`)

/** @throws {Error} when not all clients have joined in time */
async function allClients(project: Project, clients: number): Promise<Project> {
  for (const endMs = Date.now() + WAIT_MS; project.clients.length < clients; await after(500)) {
    if (Date.now() > endMs)
      throw new Error(`${project.clients.length} of ${clients} clients have joined within ${WAIT_MS / 1000} s`)
    await project.refresh()
  }
  return project
}

async function main(): Promise<number> {
  const sites = readdirSync(DATA).filter((name) => name !== VALIDATION)
  const tables = {
    pooled: pooledTable(sites.map((name) => join(DATA, name, TABLE))),
    validation: readCsv(join(DATA, VALIDATION, TABLE)),
  }
  await using workbench = await connect(FLOTTA_URL, { folder: mkdtempSync(join(tmpdir(), 'workbench-')) })
  const project = await allClients(await workbench.project(FLOTTA_TOKEN), sites.length)
  say(`Project "${project.name}" at ${workbench.nodeName}: ${project.records} records at ${project.clients.length} clients\n`)
  say(`${''.padEnd(44)} ${'federated'.padStart(16)} ${'pooled'.padStart(16)}`)
  const checks = await runScenario(project, tables, LABEL)
  for (const check of checks) say(lineOf(check))
  const wrong = checks.filter((check) => !holds(check)).length
  say(wrong === 0 ? '\nEvery answer is right.' : `\n${wrong} of ${checks.length} answers are wrong.`)
  return wrong === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`workbench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
