import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@flotta/config'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

interface Instruction {
  readonly name: string
  readonly text: string
}

/** The instructions of a Dockerfile, with continued lines joined and comments left out. */
function instructionsOf(path: string): Instruction[] {
  const text = read(path)
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1) }))
}

function named(instructions: readonly Instruction[], name: string): string[] {
  return instructions.filter((instruction) => instruction.name === name).map(({ text }) => text)
}

/** The instructions of the last stage: what is shipped. */
function shipped(instructions: readonly Instruction[]): Instruction[] {
  return instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
}

interface Service {
  readonly image: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: object
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
}

const exactTag = /^[a-z][a-z0-9./-]*:\d+\.\d+(?:\.\d+)?(?:-[a-z]+)*$/
const secretName = /PASSWORD|TOKEN|SECRET|KEY/
const packageManager = (JSON.parse(read('package.json')) as { packageManager: string }).packageManager

describe.each(['docker/node.Dockerfile', 'docker/client.Dockerfile'])('%s', (path) => {
  const instructions = instructionsOf(path)
  const last = shipped(instructions)

  it('builds on one slim Node image of an exact version, never `latest`', () => {
    const [image] = named(instructions, 'ARG').map((text) => text.split('=')[1]!)
    expect(image).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/)
    expect(named(instructions, 'FROM').every((text) => text.startsWith(`\${NODE_IMAGE}`))).toBe(true)
  })

  it('installs with the pnpm of package.json, from the lockfile, offline once it is fetched', () => {
    const runs = named(instructions, 'RUN').join('\n')
    expect(runs).toContain(`npm install --global ${packageManager}\n`)
    expect(runs).toContain('pnpm fetch')
    expect(runs).toContain('pnpm install --offline --frozen-lockfile')
    expect(runs).toMatch(/deploy --prod --offline/)
    expect(runs).not.toMatch(/--legacy|curl|wget|apt-get/)
  })

  it('ships neither build tools nor the checkout: only the deployed app is copied', () => {
    expect(named(last, 'COPY')).toEqual(['--from=build --chown=root:root /out ./'])
  })

  it('runs as a user that is not root, and writes to its working directory alone', () => {
    expect(named(last, 'USER')).toEqual(['node'])
    expect(named(last, 'VOLUME')).toEqual(['/var/lib/flotta'])
    expect(last.findIndex(({ name }) => name === 'USER')).toBeLessThan(last.findIndex(({ name }) => name === 'ENTRYPOINT'))
  })

  it('holds no secret: no variable of an image or build is named like one', () => {
    const variables = [...named(instructions, 'ENV'), ...named(instructions, 'ARG')]
    expect(variables.filter((text) => secretName.test(text))).toEqual([])
  })

  it('is process 1 itself, so that SIGTERM drains it', () => {
    const [entry] = named(last, 'ENTRYPOINT')
    expect(JSON.parse(entry!)).toEqual(['node', expect.stringMatching(/^bin\/flotta(?:-client)?\.js$/)])
    expect(named(last, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  })
})

describe('the image of the node', () => {
  const last = shipped(instructionsOf('docker/node.Dockerfile'))

  it('is healthy when /healthz answers, asked by Node itself', () => {
    const [check] = named(last, 'HEALTHCHECK')
    const command = JSON.parse(check!.slice(check!.indexOf('CMD ') + 4)) as string[]
    expect(command.slice(0, 2)).toEqual(['node', '-e'])
    expect(command[2]).toContain('/healthz')
    expect(() => new Function(command[2]!)).not.toThrow()
  })
})

describe('the image of the client', () => {
  it('opens no port and needs no health check: nobody can reach it', () => {
    const last = shipped(instructionsOf('docker/client.Dockerfile'))
    expect(last.filter(({ name }) => name === 'EXPOSE' || name === 'HEALTHCHECK')).toEqual([])
  })

  it('has no database of its own among its dependencies, however far they reach: only drivers that read those of others', () => {
    const visited = dependenciesOf('apps/client', new Set())
    expect([...visited]).toContain('packages/runtime')
    expect([...visited].filter((name) => /store|prisma|postgres|sql|^pg$/.test(name))).toEqual(['libsql', 'pg'])
  })
})

/** Folders of our own packages that an app needs, and the names of the foreign ones. */
function dependenciesOf(folder: string, visited: Set<string>): Set<string> {
  visited.add(folder)
  const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as { dependencies?: Record<string, string> }
  for (const name of Object.keys(dependencies)) {
    const own = name.startsWith('@flotta/') ? `packages/${name.slice('@flotta/'.length)}` : undefined
    if (own === undefined) visited.add(name)
    else if (!visited.has(own)) dependenciesOf(own, visited)
  }
  return visited
}

describe('compose.yaml', () => {
  const compose = parse(read('docker/compose.yaml'), { merge: true }) as Compose
  const { postgres, node, ...clients } = compose.services as Record<'postgres' | 'node', Service> & Record<string, Service>
  const ours = [node, ...Object.values(clients)]

  it('starts a database, a node and two clients, each when the one before it is healthy', () => {
    expect(Object.keys(clients)).toHaveLength(2)
    expect(postgres.healthcheck).toBeDefined()
    expect(node.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
    for (const client of Object.values(clients)) expect(client.depends_on).toEqual({ node: { condition: 'service_healthy' } })
  })

  it('names exact versions of images', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(exactTag)
  })

  it('lets our containers write to their volume and /tmp alone, without any capability', () => {
    for (const service of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
      expect(service.volumes.filter((volume) => !volume.endsWith(':ro'))).toEqual([
        expect.stringMatching(/^[a-z]+:\/var\/lib\/flotta$/),
      ])
    }
  })

  it('gives each client its own table, read-only, no port, and no way to the database', () => {
    const folders = Object.values(clients).map(({ volumes }) => volumes.filter((volume) => volume.endsWith(':/data:ro')))
    expect(new Set(folders.flat()).size).toBe(2)
    for (const client of Object.values(clients)) {
      expect(client.ports).toBeUndefined()
      expect(client.networks).toEqual(['exchange'])
    }
    expect(postgres.networks).toEqual(['database'])
    expect(compose.networks.database).toEqual({ internal: true })
  })

  it('takes every secret from the environment and refuses to start without it', () => {
    for (const { environment } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (secretName.test(name)) expect(value, name).toMatch(/^\$\{[A-Z_]+:\?.+\}$/)
      }
    }
  })

  it('needs no variable that .env.example does not list, and that lists no secret with a value', () => {
    const listed = new Map(
      [...read('docker/.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const),
    )
    for (const [, name] of read('docker/compose.yaml').matchAll(/\$\{([A-Z_]+)/g)) expect([...listed.keys()]).toContain(name)
    expect([...listed].filter(([name, value]) => secretName.test(name) && value !== '')).toEqual([])
  })

  it('publishes the port of the node on the loopback interface alone: a proxy that ends TLS goes in front', () => {
    expect(node.ports).toEqual(['127.0.0.1:1456:1456'])
  })

  it('mounts configurations that are right, with nothing but the variables that it sets', () => {
    for (const [name, service] of Object.entries({ node, ...clients })) {
      const mounted = service.volumes.find((volume) => volume.endsWith(':/etc/flotta/config.yaml:ro'))!
      const file = fileURLToPath(new URL(`docker/${mounted.split(':')[0]}`, root))
      const env = Object.fromEntries(Object.keys(service.environment).map((variable) => [variable, `${variable}-of-the-test`]))
      const { config } = loadConfig({ file, env })
      expect(config).toMatchObject({ mode: name === 'node' ? 'node' : 'client', workdir: '/var/lib/flotta' })
    }
  })
})

describe('.dockerignore', () => {
  it('keeps history, builds, keys and secrets out of every build', () => {
    const lines = read('.dockerignore').split('\n')
    for (const line of ['.git', '**/node_modules', '**/dist', '**/.env', '**/*.key', '**/*.pem', '/storage'])
      expect(lines).toContain(line)
  })

  it('leaves in what an app is built from: a pattern with ** names no folder of our sources', () => {
    const ignored = read('.dockerignore')
      .match(/^\*\*\/[a-z]+$/gm)!
      .map((line) => line.slice(3))
    expect(ignored.filter((name) => ['storage', 'src', 'migrations', 'prisma', 'bin'].includes(name))).toEqual([])
  })
})
