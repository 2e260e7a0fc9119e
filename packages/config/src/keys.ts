import { choice, flag, httpUrl, integer, list, optionalText, seconds, secret, secrets, text } from './key.ts'

const DAY_S = 24 * 60 * 60

/** Every key of the file, section by section: names, defaults and meanings are the documented interface. */
export const keys = {
  workdir: text({ default: './storage', about: 'where keys, resources and journals live' }, { min: 1 }),
  mode: choice(['node', 'client', 'standalone'], { default: 'node', about: 'what this process is' }),
  node: {
    name: text({ default: '', about: 'what others call it' }, { max: 100 }),
    healthcheck: seconds({ default: 3600, about: 'seconds between self checks' }, 1, 365 * DAY_S),
    heartbeat: seconds({ default: 10, about: 'seconds within which a client asks for updates' }, 0.1, 60),
    allow_resource_download: flag({ default: true, about: 'false: nobody downloads resources from this node' }),
    protocol: choice(
      ['http'],
      { default: 'http', about: 'how the port speaks' },
      'http; for https put a proxy that ends TLS in front and set node.url: https is not available in this version',
    ),
    interface: text({ default: '', about: 'address to listen on; 0.0.0.0 unless told' }),
    url: httpUrl('external URL; empty: derived'),
    port: integer({ default: 1456, about: 'port of the API; 0: any free one' }, 0, 65_535),
    admission: choice(
      ['project-token'],
      { default: 'project-token', about: 'how others are admitted' },
      'project-token; enrolment-token and approval are not available in this version',
    ),
    token_projects_initial: list({
      name: text({ default: '', about: 'name of a project' }, { min: 1, max: 100 }),
      token: secret('its token, unique per project'),
    }),
  },
  join: {
    first: flag({ default: true, about: 'the first node of a network' }),
    url: httpUrl('otherwise: the URL of a node of the network'),
    fingerprint: optionalText("that node's fingerprint, read over the telephone"),
  },
  datasources: list({
    name: text({ default: '', about: 'name of a table' }, { min: 1, max: 100 }),
    kind: choice(['file'], { default: 'file', about: 'where the table is' }, 'file; db is not available in this version'),
    type: choice(['csv', 'tsv'], { default: 'csv', about: 'how the file is written' }),
    path: text({ default: '', about: 'path of the file' }, { min: 1 }),
    token: secrets('the projects that may use it: one token or a list'),
  }),
  database: {
    username: text({ default: '', about: 'user of the server' }),
    password: secret('password of the user'),
    scheme: text({ default: 'flotta', about: 'name of the database schema' }, { min: 1, max: 63 }),
    memory: flag({ default: false, about: 'true: SQLite in memory' }),
    dialect: choice(['sqlite', 'postgresql'], { default: 'sqlite', about: 'kind of the database' }),
    host: text({ default: '', about: 'path of the file, or host of the server' }),
    port: integer({ default: 5432, about: 'port of the server' }, 1, 65_535),
    name: text({ default: 'flotta', about: 'name of the database on the server' }, { min: 1, max: 63 }),
  },
  execution: {
    workers: integer({ default: 2, about: 'jobs that run at once' }, 1, 1024),
    memory_mb: integer({ default: 1024, about: 'most memory of one job' }, 64, 1_048_576),
    timeout: seconds({ default: 3600, about: 'longest run of one job, in seconds' }, 1, 30 * DAY_S),
  },
  policy: {
    minimum_records: integer({ default: 10, about: 'fewest records that a result of this site may rest on' }, 5, 1_000_000_000),
  },
  storage: {
    max_resource_mb: integer({ default: 4096, about: 'largest resource that is stored' }, 1, 1_048_576),
  },
  exchange: {
    clock_skew: seconds({ default: 60, about: 'by how much clocks may differ, in seconds' }, 1, 3600),
    signing_key_file: optionalText('an existing Ed25519 key (OpenSSH or PKCS#8) to sign with'),
  },
  limits: {
    max_body_bytes: integer({ default: 1_048_576, about: 'largest message that is read into memory' }, 1024, 67_108_864),
  },
  logging: {
    level: choice(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info', about: 'what is logged' }),
    format: choice(['pretty', 'json'], { default: 'pretty', about: 'pretty: for people; json: one document a line' }),
  },
} as const
