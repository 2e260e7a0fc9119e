/** What a new configuration is made of. */
export interface InitAnswers {
  readonly mode: 'node' | 'client'
  readonly name: string
  /** Name of the environment variable that holds the project's token; the token itself is never written. */
  readonly tokenEnv: string
  /** Of a node. */
  readonly port: number
  readonly project: string
  /** Of a client. */
  readonly joinUrl: string
  readonly fingerprint: string
  readonly data: string
}

const HEAD = '# yaml-language-server: $schema=https://unpkg.com/@flotta/config/schema.json\n# All keys: docs/configuration.md\n'

/** The text of a configuration file, with a comment for each key that it sets. */
export function initFile(answers: InitAnswers): string {
  return HEAD + (answers.mode === 'node' ? nodeFile(answers) : clientFile(answers))
}

function nodeFile({ name, port, project, tokenEnv }: InitAnswers): string {
  return `mode: node

# Where keys, resources and the database are; relative to this file. Back it up.
workdir: ./storage

node:
  # What others call it.
  name: ${quoted(name)}
  # Port of the API.
  port: ${port}
  # Projects that exist when the node starts. Make a token with: openssl rand -hex 32
  token_projects_initial:
    - name: ${quoted(project)}
      token: \${${tokenEnv}}

database:
  dialect: sqlite
  # A file in workdir. For PostgreSQL: dialect, host, port, username, password, scheme.
  host: ./node.db
`
}

function clientFile({ name, joinUrl, fingerprint, data, tokenEnv }: InitAnswers): string {
  const pinned =
    fingerprint === ''
      ? "# fingerprint: that node's, read over the telephone; without it the first key that answers is pinned"
      : `fingerprint: ${quoted(fingerprint)}`
  return `mode: client

# Where keys and the files of running jobs are; relative to this file. Back up its folder keys.
workdir: ./storage

node:
  # What others call it.
  name: ${quoted(name)}

join:
  first: false
  # The node of your network.
  url: ${quoted(joinUrl)}
  ${pinned}

datasources:
  - name: ${quoted(nameOf(data))}
    kind: file
    type: ${/\.tsv$/i.test(data) ? 'tsv' : /\.parquet$/i.test(data) ? 'parquet' : /\.jsonl$/i.test(data) ? 'jsonl' : 'csv'}
    path: ${quoted(data)}
    # The projects that may use it.
    token: \${${tokenEnv}}

policy:
  # Fewest records that a result of this site may rest on; at least 5.
  minimum_records: 10
`
}

/** JSON is YAML; a dollar would begin a variable. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll('$', '$$$$'))
}

function nameOf(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? ''
  return base.replace(/\.[A-Za-z0-9]+$/, '') || 'table'
}
