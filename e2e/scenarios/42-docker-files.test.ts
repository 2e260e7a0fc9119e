import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@flotta/config'
import { describe, expect, it } from 'vitest'
import { mountOf, readCompose, type Service } from '../docker/compose.ts'
import { ignoredBy } from '../docker/docker-ignore.ts'
import { execForm, type Instruction, named, readInstructions } from '../docker/dockerfile.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const pathOf = (path: string) => fileURLToPath(new URL(path, root))
const instructionsOf = (path: string) => readInstructions(pathOf(path))

/** The instructions of the last stage: what is shipped. */
function shipped(instructions: readonly Instruction[]): Instruction[] {
  return instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
}

const exactTag = /^[a-z][a-z0-9./-]*:\d+\.\d+(?:\.\d+)?(?:-[a-z]+)*$/
const secretName = /PASSWORD|TOKEN|SECRET|KEY/
const packageManager = (JSON.parse(read('package.json')) as { packageManager: string }).packageManager

const dockerfiles = ['docker/node.Dockerfile', 'docker/client.Dockerfile', 'docker/workbench.Dockerfile']

describe.each(dockerfiles)('%s', (path) => {
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

  it('runs as a user that is not root, and keeps nothing but in its working directory', () => {
    expect(named(last, 'USER')).toEqual(['node'])
    expect(named(last, 'VOLUME')).toEqual(path.includes('workbench') ? [] : ['/var/lib/flotta'])
    expect(last.findIndex(({ name }) => name === 'USER')).toBeLessThan(last.findIndex(({ name }) => name === 'ENTRYPOINT'))
  })

  it('ships no source, type or map: nothing but what is run', () => {
    expect(named(instructions, 'RUN').join('\n')).toMatch(/find \/out .*"\*\.ts".*"\*\.map".* -delete/)
  })

  it('holds no secret: no variable of an image or build is named like one', () => {
    const variables = [...named(instructions, 'ENV'), ...named(instructions, 'ARG')]
    expect(variables.filter((text) => secretName.test(text))).toEqual([])
  })

  it('is process 1 itself, so that SIGTERM drains it', () => {
    const [entry] = named(last, 'ENTRYPOINT')
    expect(execForm(entry)).toEqual(['node', expect.stringMatching(/^(?:bin\/flotta(?:-client)?|dist\/main)\.js$/)])
    expect(named(last, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  })
})

describe.each([
  ['docker/node.Dockerfile', 'bin/flotta.js'],
  ['docker/client.Dockerfile', 'bin/flotta-client.js'],
])('the health check of %s', (path, program) => {
  const last = shipped(instructionsOf(path))

  it('asks the component itself, by the configuration that it runs with', () => {
    const config = execForm(named(last, 'CMD')[0])
    expect(execForm(named(last, 'HEALTHCHECK')[0])).toEqual(['node', program, 'health', ...config])
  })

  it('is about this process alone: who waits for others is not started anew', () => {
    expect(named(last, 'HEALTHCHECK')[0]).not.toContain('--ready')
  })
})

describe('the image of the client', () => {
  it('opens no port: nobody can reach it', () => {
    expect(named(shipped(instructionsOf('docker/client.Dockerfile')), 'EXPOSE')).toEqual([])
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
  const file = pathOf('docker/compose.yaml')
  const compose = readCompose(file)
  const { postgres, node, workbench, ...clients } = compose.services as Record<'postgres' | 'node' | 'workbench', Service> &
    Record<string, Service>
  const all = Object.entries(compose.services)
  const ours = all.filter(([, { build }]) => build !== undefined)
  const healthy = { condition: 'service_healthy' }

  it('starts a database, a node, two clients and a workbench, each when those before it are healthy', () => {
    expect(Object.keys(clients)).toEqual(['north', 'south'])
    expect(postgres.healthcheck).toBeDefined()
    expect(node.depends_on).toEqual({ postgres: healthy })
    for (const client of Object.values(clients)) expect(client.depends_on).toEqual({ node: healthy })
    expect(workbench.depends_on).toEqual({ north: healthy, south: healthy })
  })

  it('calls healthy who works, not only who lives: its node or its database answers', () => {
    for (const service of [node, ...Object.values(clients)])
      expect(service.healthcheck!.test).toEqual(expect.arrayContaining(['health', '--ready']))
  })

  it('runs the workbench once, and everything else until it is stopped', () => {
    for (const [name, { restart }] of all) expect(restart, name).toBe(name === 'workbench' ? 'no' : 'unless-stopped')
  })

  it('builds each image of ours from a Dockerfile that is there', () => {
    expect(ours.map(([, { build }]) => build!.dockerfile).filter((path) => !dockerfiles.includes(path))).toEqual([])
    for (const [, { build }] of ours) expect(build!.context).toBe('..')
  })

  it('names exact versions of images', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(exactTag)
  })

  it('lets containers write to their volume and to memory alone, as nobody special, without any capability', () => {
    for (const [name, service] of all) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
      const written = service.volumes.filter((volume) => !volume.endsWith(':ro')).map((volume) => volume.split(':')[1])
      const own = name === 'postgres' ? ['/var/lib/postgresql'] : name === 'workbench' ? [] : ['/var/lib/flotta']
      expect(written, name).toEqual(own)
      expect(
        service.tmpfs!.some((folder) => folder.startsWith('/tmp:')),
        name,
      ).toBe(true)
    }
    expect(postgres.user).toBe('postgres')
  })

  it('declares every volume and network that a service names, and no other', () => {
    const named = (kind: 'volumes' | 'networks') => [...new Set(all.flatMap(([, service]) => service[kind] as readonly string[]))]
    const volumes = named('volumes').filter((volume) => mountOf(volume, file).isVolume && !volume.startsWith('$'))
    expect(volumes.map((volume) => volume.split(':')[0]).sort()).toEqual(Object.keys(compose.volumes).sort())
    expect(named('networks').sort()).toEqual(Object.keys(compose.networks).sort())
  })

  it('mounts files and folders that are there, where .env names no others', () => {
    const { services } = readCompose(file, { POSTGRES_PASSWORD: 'x', PROJECT_TOKEN: 'y' })
    const mounts = Object.values(services).flatMap(({ volumes }) => volumes.map((volume) => mountOf(volume, file)))
    for (const { source, isVolume } of mounts) if (!isVolume) expect(existsSync(source), source).toBe(true)
    for (const { source } of mounts.filter(({ target }) => target.startsWith('/data')))
      expect(existsSync(`${source}/table.csv`), source).toBe(true)
  })

  it('gives each client its own table, read-only; neither they nor the workbench have a port or a way to the database', () => {
    const folders = Object.values(clients).map(({ volumes }) => volumes.filter((volume) => volume.endsWith(':/data:ro')))
    expect(new Set(folders.flat()).size).toBe(2)
    for (const client of [...Object.values(clients), workbench]) {
      expect(client.ports).toBeUndefined()
      expect(client.networks).toEqual(['exchange'])
    }
    expect(postgres.networks).toEqual(['database'])
    expect(compose.networks.database).toEqual({ internal: true })
  })

  it('does not start without the secrets, and with them every variable has a value', () => {
    expect(() => readCompose(file, {})).toThrow('set it in docker/.env')
    const { services } = readCompose(file, { POSTGRES_PASSWORD: 'x', PROJECT_TOKEN: 'y' })
    for (const { environment } of Object.values(services)) expect(Object.values(environment)).not.toContain('')
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
      [...read('docker/.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const),
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

describe('.env', () => {
  it('is never committed, and never part of a build', () => {
    expect(read('.gitignore').split('\n')).toContain('.env')
    expect(ignoredBy(read('.dockerignore'))('docker/.env')).toBe(true)
  })
})

describe('.dockerignore', () => {
  it('lets in what an image is built from: the lockfile, the packages and the workbench, and no other part of docker/', () => {
    const ignored = ignoredBy(read('.dockerignore'))
    const needed = [
      'pnpm-lock.yaml',
      '.pnpmfile.cjs',
      '.npmrc',
      'packages/store/prisma/models.prisma',
      'docker/workbench/src/main.ts',
    ]
    expect(needed.filter(ignored)).toEqual([])
    expect(
      ['docker/compose.yaml', 'docker/data/north/table.csv', 'packages/store/dist/index.js'].filter((path) => !ignored(path)),
    ).toEqual([])
  })

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
