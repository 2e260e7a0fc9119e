import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig, pathText } from '../src/index.ts'
import { client, configFolder } from './support.ts'

const { folder, load, problemsOf } = configFolder()

describe('the defaults of the documented interface', () => {
  it('nothing at all is a first node', () => {
    const { config, notices } = loadConfig({ env: {} })
    expect(config).toMatchObject({
      mode: 'node',
      node: {
        name: 'flottaNode',
        healthcheckS: 3600,
        heartbeatS: 10,
        leaseS: 30,
        maxAttempts: 3,
        allowResourceDownload: true,
        interface: '0.0.0.0',
        url: '',
        port: 1456,
        initialProjects: [],
      },
      join: { first: true, url: '' },
      datasources: [],
      database: { kind: 'memory' },
    })
    expect(notices.join()).toContain('no configuration file')
  })

  it('the least that a client needs is join.url and one data source with a token', () => {
    const { config } = load(client)
    expect(config).toMatchObject({
      mode: 'client',
      node: { interface: 'localhost' },
      datasources: [{ name: 'a', type: 'csv', path: join(folder, 'a.csv') }],
    })
    expect(config.datasources[0]?.tokens.map((token) => token.reveal())).toEqual(['t'])
  })

  it('the documented example is read whole', () => {
    const { config } = load(`
workdir: ./storage
mode: node
node:
  name: flottaNode
  healthcheck: 3600.0
  heartbeat: 10.0
  allow_resource_download: true
  protocol: http
  interface: 0.0.0.0
  url: ""
  port: 1456
  token_projects_initial:
    - name: my_beautiful_project
      token: 58981bcbab
join:
  first: true
  url: ""
datasources:
  - name: iris
    kind: file
    type: csv
    path: /data/iris.csv
    token:
      - 58981bcbab7
database:
  username: ""
  password: ""
  scheme: flotta
  memory: false
  dialect: sqlite
  host: ./sqlite.db
  port: ""
`)
    expect(config.workdir).toBe(join(folder, 'storage'))
    expect(config.database).toMatchObject({ kind: 'sqlite', file: join(folder, 'storage', 'sqlite.db') })
    expect(config.datasources).toMatchObject([{ name: 'iris', path: '/data/iris.csv' }])
  })

  it('the database: memory, a file below the working directory, or PostgreSQL with its schema', () => {
    expect(load('database: { memory: true }').config.database).toMatchObject({ kind: 'memory', migrate: true })
    expect(load('database: { dialect: sqlite, host: ./n.db }').config.database).toMatchObject({
      kind: 'sqlite',
      file: join(folder, 'storage', 'n.db'),
    })
    const { database } = load('database: { dialect: postgresql, host: db, username: u, password: p, scheme: s }').config
    expect(database).toMatchObject({ kind: 'postgresql', host: 'db', port: 5432, username: 'u', database: 'flotta', schema: 's' })
  })

  it('a configuration is frozen', () => {
    const { config } = load(client)
    expect(() => Object.assign(config.node, { port: 1 })).toThrow(TypeError)
    expect(() => (config.datasources as unknown[]).push(1)).toThrow(TypeError)
  })
})

describe('problems', () => {
  it('three mistakes are three problems, each with its line, what was found and what is expected', () => {
    expect(problemsOf('mode: node\nnode:\n  port: abc\n  naem: x\npolicy:\n  minimum_records: 2\n')).toEqual([
      'config.yaml:4: node.naem: found an unknown key, did you mean name?',
      'config.yaml:3: node.port: found "abc", expected an integer from 0 to 65535',
      'config.yaml:6: policy.minimum_records: found 2, expected an integer from 5 to 1000000000',
    ])
  })

  it.each([
    [
      'an unknown key without a likely one',
      'zzzzzz: 1',
      /config\.yaml:1: zzzzzz: found an unknown key, expected one of workdir, mode/,
    ],
    ['a wrong type', 'node: { heartbeat: soon }', /node\.heartbeat: found "soon", expected a number of seconds/],
    ['an impossible port', 'node: { port: 70000 }', /node\.port: found 70000/],
    ['a scalar where a section belongs', 'node: 3', /config\.yaml:1: node: found 3, expected a section with keys/],
    ['a scalar where a list belongs', 'datasources: x', /datasources: found "x", expected a list/],
    [
      'a client that is first',
      client.replace('first: false', 'first: true'),
      /join\.first: found true, expected false: a client is never the first/,
    ],
    [
      'a client without a node',
      'mode: client\ndatasources: [{ name: a, path: a, token: t }]',
      /join\.url: found nothing, expected the URL of a node/,
    ],
    ['a client without data', 'mode: client\njoin: { first: false, url: "http://n" }', /datasources: found none/],
    [
      'a data source without a token',
      client.replace(', token: t', ''),
      /datasources\[0\]\.token: found nothing, expected a token/,
    ],
    ['a data source without a path', client.replace('path: a.csv, ', ''), /datasources\[0\]\.path: found nothing/],
    ['a node that is not first and has nobody to join', 'join: { first: false }', /join\.url: found nothing/],
    ['a first node that joins another', 'join: { first: true, url: "http://n" }', /join\.first is true/],
    [
      'a URL with a password',
      'mode: client\njoin: { first: false, url: "http://u:p@n" }',
      /join\.url: found .*expected an http or https URL without user/,
    ],
    [
      'PostgreSQL without host and user',
      'database: { dialect: postgresql }',
      /database\.host: found nothing[\s\S]*database\.username: found nothing/,
    ],
    [
      'two data sources of one name',
      client.replace('}]', '}, { name: a, path: b, token: t }]'),
      /datasources\[1\]\.name: found "a"/,
    ],
    ['a file that is a list', '- a\n- b', /expected keys and values/],
  ])('%s', (_, yaml, message) => {
    expect(problemsOf(yaml).join('\n')).toMatch(message)
  })

  it('two projects with one token are refused without printing it', () => {
    const problems = problemsOf(
      'node:\n  token_projects_initial:\n    - { name: a, token: s3cret }\n    - { name: b, token: s3cret }\n',
    ).join('\n')
    expect(problems).toMatch(/config\.yaml:4: node\.token_projects_initial\[1\]\.token: found \*\*\*/)
    expect(problems).not.toContain('s3cret')
  })

  it('a file that is not there names itself and the flag', () => {
    expect(() => loadConfig({ file: join(folder, 'none.yaml'), env: {} })).toThrow(
      /none\.yaml: can not be read \(ENOENT\); check the path given with -c/,
    )
  })

  it('the command of the client refuses the file of a node', () => {
    expect(problemsOf('mode: node', { mode: 'client' }).join('\n')).toMatch(/config\.yaml:1: mode: found "node", expected client/)
  })
})

describe('hostile YAML (A19)', () => {
  it.each([
    ['aliases, so no billion laughs', 'a: &a [x, x]\nb: [*a, *a]'],
    ['merge keys', 'base: &b { port: 1 }\nnode: { <<: *b }'],
    ['a tag for code', 'workdir: !!js/function "x"'],
    ['an unknown tag', 'workdir: !x y'],
    ['a key twice', 'mode: node\nmode: client'],
    ['100,000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['100,000 levels of dashes', `a:\n  ${'- '.repeat(100_000)}x`],
    ['text that is not YAML', 'a: b: c: ['],
    ['more than 256 KiB', `workdir: ${'x'.repeat(300_000)}`],
    ['a key that would change every object', '__proto__: { polluted: 1 }'],
  ])('%s is refused', (_, yaml) => {
    expect(problemsOf(yaml).length).toBeGreaterThan(0)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('variables', () => {
  it('are replaced in values, lists included (F4), and read as the key wants them', () => {
    const yaml = client
      .replace('token: t', 'token: ["$' + '{TOKEN}", "$' + '{OTHER:-u}"]')
      .concat('node: { port: "$' + '{PORT}" }\n')
    const { config } = load(yaml, { env: { TOKEN: 'abc', PORT: '1500' } })
    expect(config.node.port).toBe(1500)
    expect(config.datasources[0]?.tokens.map((token) => token.reveal())).toEqual(['abc', 'u'])
  })

  it('that are not set are an error naming key, line and variable', () => {
    expect(problemsOf('node:\n  name: "$' + '{NAME}"')).toEqual([
      'config.yaml:2: node.name: found $' +
        '{NAME}, but the environment variable NAME is not set; set it, or write $' +
        '{NAME:-default}',
    ])
  })

  it('never change the structure, whatever they hold (A20)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 90 }),
          fc.constantFrom('a: b', '\n  port: 1', '$' + '{OTHER}', '$(id)', '[1]', '\u0000'),
        ),
        (value) => {
          const { config } = load('node: { name: "$' + '{NAME}" }', { env: { NAME: value, OTHER: 'secret' } })
          expect(config.node.name).toBe(value)
          expect(config.node.port).toBe(1456)
        },
      ),
    )
  })

  it('two dollars are one', () => {
    expect(load('node: { name: "a$$' + '{X}" }').config.node.name).toBe('a$' + '{X}')
  })

  it('FLOTTA_ variables set any key, above the file and below flags', () => {
    const env = {
      FLOTTA_NODE__PORT: '1500',
      FLOTTA_NODE__TOKEN_PROJECTS_INITIAL__0__NAME: 'p',
      FLOTTA_NODE__TOKEN_PROJECTS_INITIAL__0__TOKEN: 't',
      FLOTTA_NODE__NAME: '',
    }
    const { config, resolved } = load('node: { port: 1, name: fromFile, heartbeat: 5 }', { env, flags: { 'node.heartbeat': 7 } })
    expect(config.node).toMatchObject({ port: 1500, name: 'fromFile', heartbeatS: 7, initialProjects: [{ name: 'p' }] })
    const sourceOf = (key: string) => resolved.find(({ path }) => pathText(path) === key)?.source
    expect(['node.port', 'node.name', 'node.heartbeat', 'mode'].map(sourceOf)).toEqual([
      'environment FLOTTA_NODE__PORT',
      'config.yaml:1',
      'flag node.heartbeat',
      'default',
    ])
  })

  it('a FLOTTA_ variable that is no key is a problem, not silence', () => {
    expect(problemsOf('mode: node', { env: { FLOTTA_NODE__PROT: '1' } }).join()).toMatch(
      /environment FLOTTA_NODE__PROT: found a variable that is no key/,
    )
  })
})

describe('secrets (A17)', () => {
  it('say *** wherever they are printed', () => {
    const { config } = load(
      'database: { dialect: postgresql, host: h, username: u, password: "hunter2" }\nnode: { token_projects_initial: [{ name: p, token: hunter2 }] }',
    )
    for (const text of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.node.initialProjects[0]?.token}`,
    ]) {
      expect(text).not.toContain('hunter2')
      expect(text).toContain('***')
    }
  })
})
