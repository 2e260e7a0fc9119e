import { choice, flag, integer, secret, text } from '../key/kinds.ts'

/** Where a database is and who asks it. */
export const server = {
  host: text({ default: '', about: 'path of the file, or host of the server' }),
  port: integer({ default: 5432, about: 'port of the server' }, 1, 65_535),
  username: text({ default: '', about: 'user of the server' }),
  password: secret('password of the user'),
  name: text({ default: 'flotta', about: 'name of the database on the server' }, { min: 1, max: 63 }),
} as const

/** Where a node remembers. */
export const database = {
  memory: flag({ default: false, about: 'true: SQLite in memory' }),
  dialect: choice(['sqlite', 'postgresql'], { default: 'sqlite', about: 'kind of the database' }),
  ...server,
  scheme: text({ default: 'flotta', about: 'name of the database schema' }, { min: 1, max: 63 }),
  migrate: flag({ default: true, about: 'false: the start leaves the tables alone and refuses them when they are behind' }),
} as const
