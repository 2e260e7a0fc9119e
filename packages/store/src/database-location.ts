/** Where a node keeps what it remembers. */
export type DatabaseLocation =
  /** For learning and tests: forgotten when the store is disposed; each store has its own. */
  | { readonly kind: 'memory' }
  /** A file for one node process; it is made when absent, its folder is not. */
  | { readonly kind: 'sqlite'; readonly file: string }
  | PostgresqlLocation

export interface PostgresqlLocation {
  readonly kind: 'postgresql'
  readonly host: string
  readonly port: number
  readonly username: string
  /** Asked for each connection, so that the secret rests in no object that could be printed. */
  readonly password: () => string
  readonly database: string
  /** Schema of the tables; it is made when absent. */
  readonly schema: string
  /** The longest that a statement may take. Default 30 s. */
  readonly statementTimeoutMs?: number
}
