import type { Secret } from '../secret.ts'

export interface PostgresqlConfig {
  readonly kind: 'postgresql'
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: Secret
  readonly database: string
  readonly schema: string
}

export type DatabaseConfig = { readonly kind: 'memory' } | { readonly kind: 'sqlite'; readonly file: string } | PostgresqlConfig
