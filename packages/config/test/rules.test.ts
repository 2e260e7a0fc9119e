import { describe, expect, it } from 'vitest'
import { client, configFolder } from './support.ts'

const { problemsOf } = configFolder()

const postgres = 'dialect: postgresql, host: db, username: u'
const table = (inner: string) => client.replace('{ name: a, path: a.csv, token: t }', `{ name: a, token: t, ${inner} }`)

describe('values that are wrong together', () => {
  it.each([
    [
      'a client is never first',
      client.replace('first: false', 'first: true'),
      'config.yaml:2: join.first: found true, expected false: a client is never the first of a network',
    ],
    [
      'a client needs a node',
      'mode: client\ndatasources: [{ name: a, path: a, token: t }]',
      'nowhere set: join.url: found nothing, expected the URL of a node, such as http://node.example.org:1456',
    ],
    [
      'a client needs data',
      'mode: client\njoin: { first: false, url: "http://n" }',
      'nowhere set: datasources: found none, expected at least one data source with a token: a client has data to offer',
    ],
    [
      'a node that is not first has somebody to join',
      'join: { first: false }',
      'config.yaml:1: join.url: found nothing, expected the URL of a node: join.first is false',
    ],
    [
      'a first node joins nobody',
      'join: { first: true, url: "http://n" }',
      'config.yaml:1: join.url: found "http://n", expected nothing: join.first is true, so there is nobody to join',
    ],
    [
      'a standalone network joins nobody',
      'mode: standalone\njoin: { first: false }',
      'config.yaml:2: join.first: found false, expected true: a standalone network has nobody to join',
    ],
    [
      'an enrolment token is for a node to enrol at',
      'join: { enrolment_token: secret }',
      'config.yaml:1: join.enrolment_token: found ***, expected nothing: there is no join.url to enrol at',
    ],
    [
      'https needs a certificate',
      'node: { protocol: https, tls: { key: k.pem } }',
      'config.yaml:1: node.tls.certificate: found nothing, expected a file with the certificate (PEM): node.protocol is https',
    ],
    [
      'https needs a key',
      'node: { protocol: https, tls: { certificate: c.pem } }',
      'config.yaml:1: node.tls.key: found nothing, expected a file with the key (PEM): node.protocol is https',
    ],
    [
      'http needs no certificate',
      'node: { tls: { certificate: c.pem } }',
      'config.yaml:1: node.tls.certificate: found "c.pem", expected nothing: node.protocol is http',
    ],
    [
      'projects have names of their own',
      'node: { token_projects_initial: [{ name: a, token: s }, { name: a, token: t }] }',
      'config.yaml:1: node.token_projects_initial[1].name: found "a", expected a name of its own: another project has the same',
    ],
    [
      'projects have tokens of their own',
      'node: { token_projects_initial: [{ name: a, token: t }, { name: b, token: t }] }',
      'config.yaml:1: node.token_projects_initial[1].token: found ***, expected a token of its own: another project has the same',
    ],
    [
      'a project has a token',
      'node: { token_projects_initial: [{ name: a }] }',
      'config.yaml:1: node.token_projects_initial[0].token: found nothing, expected a text that is not empty',
    ],
    [
      'data sources have names of their own',
      client.replace('}]', '}, { name: a, path: b, token: t }]'),
      'config.yaml:3: datasources[1].name: found "a", expected a name of its own: another data source has the same',
    ],
    [
      'a data source has a token',
      client.replace(', token: t', ''),
      'config.yaml:3: datasources[0].token: found nothing, expected a token or a list of tokens',
    ],
    [
      'a list of tokens is not empty',
      client.replace('token: t', 'token: []'),
      'config.yaml:3: datasources[0].token: found nothing, expected a token or a list of tokens',
    ],
    [
      'a file has a path',
      table('kind: file'),
      'config.yaml:3: datasources[0].path: found nothing, expected a text that is not empty',
    ],
    [
      'a file has no table',
      table('path: a.csv, table: t'),
      'config.yaml:3: datasources[0].table: found a value, expected nothing: kind is file, which has no database',
    ],
    [
      'a file has no connection',
      table('path: a.csv, connection: { host: h }'),
      'config.yaml:3: datasources[0].connection: found a value, expected nothing: kind is file, which has no database',
    ],
    [
      'tabs stand between the cells of tsv',
      table('path: a, type: tsv, separator: ";"'),
      'config.yaml:3: datasources[0].separator: found a value, expected nothing: type is tsv; a separator is named for csv alone',
    ],
    [
      'values of Parquet have types, and no decimal mark',
      table('path: a, type: parquet, decimal: ","'),
      'config.yaml:3: datasources[0].decimal: found a value, expected nothing: type is parquet, where values have types',
    ],
    [
      'values of JSON have types, and no texts for missing ones',
      table('path: a, type: jsonl, missing: [x]'),
      'config.yaml:3: datasources[0].missing: found a value, expected nothing: type is jsonl, where values have types',
    ],
    [
      'a database has no path',
      table('kind: db, table: t, path: a, connection: { host: h }'),
      'config.yaml:3: datasources[0].path: found a value, expected nothing: kind is db, which has no file',
    ],
    [
      'a database has a table',
      table('kind: db, connection: { host: h }'),
      'config.yaml:3: datasources[0].table: found nothing, expected the name of a table or view: kind is db',
    ],
    [
      'a SQLite data source has a file',
      table('kind: db, table: t'),
      'config.yaml:3: datasources[0].connection.host: found nothing, expected the path of the SQLite file',
    ],
    [
      'a PostgreSQL data source has a user',
      table('kind: db, table: t, connection: { dialect: postgresql, host: h }'),
      'config.yaml:3: datasources[0].connection.username: found nothing, expected the user of the PostgreSQL server',
    ],
    [
      'numbers have no categories',
      table('path: a, schema: { age: { type: integer, categories: [x] } }'),
      'config.yaml:3: datasources[0].schema.age.categories: found a value, expected nothing: the type is integer',
    ],
    [
      'PostgreSQL has a host',
      'database: { dialect: postgresql, username: u }',
      'config.yaml:1: database.host: found nothing, expected the host of the PostgreSQL server',
    ],
    [
      'PostgreSQL has a user',
      'database: { dialect: postgresql, host: h }',
      'config.yaml:1: database.username: found nothing, expected the user of the PostgreSQL server',
    ],
    [
      'SQLite has no users',
      'database: { host: n.db, username: u }',
      'config.yaml:1: database.username: found "u", expected nothing: SQLite has no users',
    ],
    [
      'SQLite has no passwords, and none is printed',
      'database: { host: n.db, password: hunter2 }',
      'config.yaml:1: database.password: found ***, expected nothing: SQLite has no users',
    ],
    [
      'memory has no file',
      'database: { memory: true, host: n.db }',
      'config.yaml:1: database.host: found "n.db", expected nothing: database.memory is true',
    ],
    [
      'PostgreSQL is not in memory',
      'database: { memory: true, dialect: postgresql }',
      'config.yaml:1: database.dialect: found "postgresql", expected sqlite: database.memory is true, and only SQLite can be in memory',
    ],
    [
      'the local engine has no queue',
      'execution: { queue: { url: "redis://q" } }',
      'config.yaml:1: execution.queue.url: found a value, expected nothing: execution.engine is local, which has no queue',
    ],
    [
      'a queue has a URL',
      'execution: { engine: bullmq, queue: { kind: redis } }',
      'config.yaml:1: execution.queue.url: found nothing, expected the URL of the queue: its kind is redis',
    ],
    [
      'a queue is of the kind of its URL',
      `database: { ${postgres} }\nexecution: { engine: bullmq, queue: { url: "redis://q" } }`,
      'config.yaml:2: execution.queue.url: found a URL of redis, expected one of postgresql: execution.queue.kind says so',
    ],
    [
      'only a node has workers on other machines',
      'mode: standalone\nexecution: { engine: bullmq, queue: { kind: redis, url: "redis://q" } }',
      'config.yaml:2: execution.engine: found "bullmq", expected local: a standalone has no workers on other machines',
    ],
    [
      'who has workers holds no tables',
      'datasources: [{ name: a, kind: file, type: csv, path: a.csv, token: t }]\nexecution: { engine: bullmq, queue: { kind: redis, url: "redis://q" } }',
      'config.yaml:2: execution.engine: found "bullmq", expected local: a node with datasources reads them itself. Run a client beside it',
    ],
    [
      'files have no bucket',
      'storage: { s3: { bucket: b } }',
      'config.yaml:1: storage.s3: found a value, expected nothing: storage.kind is file',
    ],
    [
      'a bucket has a name',
      'storage: { kind: s3 }',
      'config.yaml:1: storage.s3.bucket: found nothing, expected the name of the bucket: storage.kind is s3',
    ],
    [
      'a bucket has no folder',
      'storage: { kind: s3, path: p, s3: { bucket: b } }',
      'config.yaml:1: storage.path: found "p", expected nothing: storage.kind is s3',
    ],
    [
      'an access key has both halves',
      'storage: { kind: s3, s3: { bucket: b, access_key_id: i } }',
      'config.yaml:1: storage.s3: found half of a key, expected both access_key_id and secret_access_key, or neither',
    ],
  ])('%s', (_, yaml, message) => {
    expect(problemsOf(yaml)).toContain(message)
  })
})

describe('values of one key', () => {
  it.each([
    [
      'node: { url: "http://u:p@h" }',
      'node.url: found "http://u:p@h", expected a host name, or an http or https URL without user, query and fragment',
    ],
    [
      'node: { url: "not a host" }',
      'node.url: found "not a host", expected a host name, or an http or https URL without user, query and fragment',
    ],
    ['join: { url: "ftp://h" }', 'join.url: found "ftp://h", expected an http or https URL without user, query and fragment'],
    ['exchange: { proxy: "u:p" }', 'exchange.proxy: found ***, expected a URL of http or https'],
    [
      'execution: { queue: { url: "http://u:p@q" } }',
      'execution.queue.url: found ***, expected a URL of postgresql or postgres or redis or rediss',
    ],
    ['policy: { minimum_cell: 4 }', 'policy.minimum_cell: found 4, expected an integer from 5 to 1000000000'],
    ['node: { heartbeat: 61 }', 'node.heartbeat: found 61, expected a number of seconds from 0.1 to 60'],
    ['database: { dialect: mysql }', 'database.dialect: found "mysql", expected one of sqlite, postgresql'],
    ['node: { admission: anybody }', 'node.admission: found "anybody", expected one of project-token, enrolment-token, approval'],
    ['metrics: { enabled: maybe }', 'metrics.enabled: found "maybe", expected true or false'],
  ])('%s', (yaml, message) => {
    expect(problemsOf(yaml)).toContain(`config.yaml:1: ${message}`)
  })
})

describe('what is no configuration at all', () => {
  it.each([
    ['a list', '- a\n- b', {}, 'config.yaml:1: found something else, expected keys and values, as `mode: node`'],
    [
      'a value nested too deep',
      `workdir: ${'['.repeat(21)}${']'.repeat(21)}`,
      {},
      'config.yaml: found nesting of 21 levels, expected at most 20',
    ],
    [
      'a file that is too large',
      `workdir: ${'x'.repeat(300_000)}`,
      {},
      'config.yaml: found more than 256 KiB, expected a configuration file',
    ],
    [
      'an alias',
      'workdir: &a x\nnode: { name: *a }',
      {},
      'config.yaml:2: found the alias *a, write the value out: aliases are not read',
    ],
    [
      'a variable that no key has the name of',
      'mode: node',
      { env: { FLOTTA_NODE__PROT: '1' } },
      'environment FLOTTA_NODE__PROT: found a variable that is no key, expected FLOTTA_ and the path of a key joined by __',
    ],
    [
      'a flag that no key has the name of',
      'mode: node',
      { flags: { 'node.prot': '1' } },
      'flag node.prot: found no key of this name, expected the path of a key, as node.port',
    ],
    [
      'the file of a node for the command of the client',
      client.replace('mode: client', 'mode: node'),
      { mode: 'client' as const },
      'config.yaml:1: mode: found "node", expected client: use the command flotta for other modes',
    ],
    [
      'a variable that is not set',
      'node: { name: "$' + '{HOSPITAL}" }',
      {},
      'config.yaml:1: node.name: found $' +
        '{HOSPITAL}, but the environment variable HOSPITAL is not set; set it, or write $' +
        '{HOSPITAL:-default}',
    ],
  ])('%s', (_, yaml, options, message) => {
    expect(problemsOf(yaml, options)).toContain(message)
  })
})
