/**
 * Starts a node and one client a site as processes of their own, runs the researcher's program, and stops everything again. What
 * `scripts/quickstart.mjs` has read of the command line comes as JSON in `QUICKSTART_ARGUMENTS`.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { Arguments, Site } from './arguments.mjs'
import { freePort } from './free-port.ts'
import { Service } from './service.ts'
import { writeWeatherData } from './weather-data.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tell = (text: string) => process.stderr.write(`${text}\n`)

/** Tokens reach the processes through the environment; the configuration files name the variable. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the configuration that fills it in
const tokenReference = '${QUICKSTART_TOKEN}'

async function quickstart({ data, trees, json }: Arguments, folder: string, services: Service[]): Promise<number> {
  const { sites, validation, label } = data ?? writeWeatherData(folder)
  const token = randomBytes(32).toString('hex')
  const env = { ...process.env, QUICKSTART_TOKEN: token }
  const url = await startNode(folder, env, services)
  await startClients(folder, url, sites, env, services)
  tell('Running examples/quickstart.ts, the program of a researcher …\n')
  return runProgram(join(root, 'examples', 'quickstart.ts'), {
    ...process.env,
    FLOTTA_URL: url,
    FLOTTA_TOKEN: token,
    FLOTTA_FOLDER: join(folder, 'workbench'),
    LABEL: label,
    VALIDATION: validation,
    TREES: String(trees),
    SITES: sites.map(({ name, file }) => `${name}\t${file}`).join('\n'),
    ...(json ? { JSON_REPORT: '1' } : {}),
  })
}

async function startNode(folder: string, env: NodeJS.ProcessEnv, services: Service[]): Promise<string> {
  const port = await freePort(1456)
  const config = writeConfig(folder, 'node', {
    mode: 'node',
    node: { interface: '127.0.0.1', port, token_projects_initial: [{ name: 'quickstart', token: tokenReference }] },
    join: { first: true },
  })
  tell(`Starting the node on port ${port}, with its database in memory …`)
  const node = new Service('node', join(root, 'apps', 'node', 'bin', 'flotta.js'), config, { env, tell })
  services.push(node)
  await node.said('listens on')
  return `http://127.0.0.1:${port}`
}

async function startClients(
  folder: string,
  url: string,
  sites: readonly Site[],
  env: NodeJS.ProcessEnv,
  services: Service[],
): Promise<void> {
  const joined = sites.map(({ name, file }) => {
    const type = extname(file).toLowerCase() === '.tsv' ? 'tsv' : 'csv'
    const config = writeConfig(folder, name, {
      mode: 'client',
      node: { name },
      join: { first: false, url },
      datasources: [{ name, kind: 'file', type, path: file, token: [tokenReference] }],
    })
    tell(`Starting the client of ${name} with ${file}; it opens no port …`)
    const client = new Service(name, join(root, 'apps', 'client', 'bin', 'flotta-client.js'), config, { env, tell })
    services.push(client)
    return client.said('joined the node')
  })
  await Promise.all(joined)
}

function writeConfig(folder: string, name: string, config: Record<string, unknown>): string {
  const workdir = join(folder, name)
  mkdirSync(workdir, { recursive: true })
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, stringify({ workdir, logging: { format: 'json' }, ...config }))
  return file
}

function runProgram(script: string, env: NodeJS.ProcessEnv): Promise<number> {
  const program = spawn(process.execPath, ['--import', 'tsx', script], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve) => program.once('close', (code) => resolve(code ?? 1)))
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-quickstart-'))
  const services: Service[] = []
  const stop = async () => {
    await Promise.all(services.map((service) => service.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupted = () => stop().then(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    const code = await quickstart(JSON.parse(process.env.QUICKSTART_ARGUMENTS ?? '') as Arguments, folder, services)
    tell(code === 0 ? '\nDone: the quickstart passed.' : '\nThe quickstart failed: see above.')
    return code
  } finally {
    await stop()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  tell(`quickstart: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
