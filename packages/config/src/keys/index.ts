import { choice, text } from '../key/kinds.ts'
import { database } from './database.ts'
import { datasources } from './datasources.ts'
import { exchange } from './exchange.ts'
import { execution } from './execution.ts'
import { join } from './join.ts'
import { node } from './node.ts'
import { limits, logging, metrics } from './operations.ts'
import { policy } from './policy.ts'
import { storage } from './storage.ts'

/** Every key of the file, section by section: names, defaults and meanings are the documented interface. */
export const keys = {
  workdir: text({ default: './storage', about: 'where keys, resources and journals live' }, { min: 1 }),
  mode: choice(['node', 'client', 'standalone'], { default: 'node', about: 'what this process is' }),
  node,
  join,
  datasources,
  database,
  execution,
  policy,
  storage,
  exchange,
  limits,
  logging,
  metrics,
} as const
