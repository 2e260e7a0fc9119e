import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createToken } from '@flotta/crypto'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { startPostgres, type TestPostgres } from '../../packages/store/test/support/postgres.ts'
import { Releasers } from '../support/releasers.ts'
import { readCompose, type Service } from './compose.ts'
import { Container } from './container.ts'
import { Builder, type Image, repository } from './image.ts'

const composeFile = join(repository, 'docker', 'compose.yaml')
const HEALTHY_MS = 180_000

/** What became of the services of the compose file, and of their images. */
export interface Steps {
  readonly megabytes: Readonly<Record<string, number>>
  readonly facts: Readonly<Record<string, ReturnType<Container['facts']>>>
  /** What the workbench said, and its exit code. */
  readonly workbench: { readonly code: number; readonly lines: readonly string[] }
  /** Exit codes of the services that were stopped. */
  readonly stopped: Readonly<Record<string, number>>
}

/**
 * Does every step of the Dockerfiles and runs the compose file's services against each other, without an engine: each as the user of its
 * image, in the image's tree, which it can't write to, with the service's mounts and environment, once those it depends on are healthy.
 * The database is a PostgreSQL of this machine, and the network is the loopback interface.
 *
 * @param full see {@link Builder}
 */
export async function dockerSteps({
  full,
  tell,
}: {
  readonly full: boolean
  readonly tell: (text: string) => void
}): Promise<Steps> {
  const folder = mkdtempSync(join(tmpdir(), 'flotta-docker-'))
  try {
    await using postgres = await startPostgres()
    const env = { POSTGRES_PASSWORD: postgres.password, PROJECT_TOKEN: createToken('project') }
    const { services } = readCompose(composeFile, env)
    const images = await buildImages(services, { folder, full, tell })
    return await runServices(services, images, { folder, postgres, tell })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Services = Readonly<Record<string, Service>>

async function buildImages(
  services: Services,
  options: { readonly folder: string; readonly full: boolean; readonly tell: (text: string) => void },
): Promise<ReadonlyMap<string, Image>> {
  const builder = new Builder({ context: repository, ...options })
  const images = new Map<string, Image>()
  for (const { image, build } of Object.values(services)) {
    if (build === undefined || images.has(image)) continue
    const built = await builder.build(build.dockerfile)
    options.tell(`${image}: ${built.megabytes} MB besides Node.js`)
    images.set(image, built)
  }
  return images
}

async function runServices(
  services: Services,
  images: ReadonlyMap<string, Image>,
  { folder, postgres, tell }: { readonly folder: string; readonly postgres: TestPostgres; readonly tell: (text: string) => void },
): Promise<Steps> {
  await using running = new Releasers()
  const containers = new Map<string, Container>()
  const env = await portsOf(postgres)
  for (const [name, service] of inOrder(services)) {
    const image = images.get(service.image)
    if (image === undefined) continue
    for (const [needed] of Object.entries(service.depends_on ?? {})) {
      await containers.get(needed)?.becomesHealthy(HEALTHY_MS)
      if (containers.has(needed)) tell(`${needed} is healthy`)
    }
    tell(`starting ${name}: ${[...image.entrypoint, ...image.command].join(' ')}`)
    const options = { image, service, file: composeFile, volumes: join(folder, 'volumes'), env: env[name] ?? {} }
    containers.set(name, running.use(new Container(options)))
  }
  const { workbench, ...lasting } = Object.fromEntries(containers)
  const facts = Object.fromEntries(Object.entries(lasting).map(([name, container]) => [name, container.facts()]))
  const code = await workbench!.exited
  const stopped: Record<string, number> = {}
  for (const [name, container] of Object.entries(lasting).reverse()) stopped[name] = await container.stop()
  const megabytes = Object.fromEntries([...images].map(([name, image]) => [name, image.megabytes]))
  return { megabytes, facts, stopped, workbench: { code, lines: workbench!.lines } }
}

/** Services, each behind those it depends on. */
function inOrder(services: Services): [string, Service][] {
  const ordered = new Map<string, Service>()
  const add = (name: string) => {
    for (const needed of Object.keys(services[name]!.depends_on ?? {})) add(needed)
    ordered.set(name, services[name]!)
  }
  for (const name of Object.keys(services)) add(name)
  return [...ordered]
}

/** Here all services share one interface, so they get free ports, by the variables that an operator would use. */
async function portsOf(postgres: TestPostgres): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const port = String(await freePort())
  const url = `http://node:${port}`
  const database = { FLOTTA_DATABASE__PORT: String(postgres.port), FLOTTA_DATABASE__NAME: postgres.database }
  const client = { NODE_URL: url }
  return {
    node: { FLOTTA_NODE__PORT: port, ...database },
    north: client,
    south: client,
    workbench: { FLOTTA_URL: url },
  }
}
