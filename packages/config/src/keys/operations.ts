import { choice, flag, integer } from '../key/kinds.ts'

/** What protects the process from others. */
export const limits = {
  max_body_bytes: integer({ default: 1_048_576, about: 'largest message that is read into memory' }, 1024, 67_108_864),
} as const

/** What it says, on standard error. */
export const logging = {
  level: choice(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info', about: 'what is logged' }),
  format: choice(['pretty', 'json'], { default: 'pretty', about: 'pretty: for people; json: one document a line' }),
} as const

/** What it counts. */
export const metrics = {
  enabled: flag({ default: false, about: 'true: /metrics answers in the format of Prometheus' }),
} as const
