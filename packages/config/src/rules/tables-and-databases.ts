import type { Values } from '../key/key.ts'
import type { keys } from '../keys/index.ts'
import type { Path } from '../layers/layers.ts'
import type { Findings } from './findings.ts'

type FileValues = Values<typeof keys>
type Datasource = FileValues['datasources'][number]

export function checkDatasources({ mode, datasources }: FileValues, findings: Findings): void {
  if (mode === 'client' && datasources.length === 0)
    findings.add(['datasources'], 'none', 'expected at least one data source with a token: a client has data to offer')
  for (const [index, datasource] of datasources.entries()) {
    if (datasource.kind === 'file') checkFile(datasource, ['datasources', index], findings)
    else checkTable(datasource, ['datasources', index], findings)
    checkCategories(datasource, ['datasources', index], findings)
  }
  findings.addTwice(
    datasources.map(({ name }) => name),
    (index) => ['datasources', index, 'name'],
    (name) => `"${name}"`,
    'expected a name of its own: another data source has the same',
  )
}

function checkFile({ path, type }: Datasource, at: Path, { add, isSet }: Findings): void {
  if (path === '') add([...at, 'path'], 'nothing', 'expected a text that is not empty')
  for (const name of ['connection', 'table']) {
    if (isSet(...at, name)) add([...at, name], 'a value', 'expected nothing: kind is file, which has no database')
  }
  if (type !== 'csv' && isSet(...at, 'separator')) {
    add([...at, 'separator'], 'a value', `expected nothing: type is ${type}; a separator is named for csv alone`)
  }
  if (type === 'csv' || type === 'tsv') return
  for (const name of ['decimal', 'missing']) {
    if (isSet(...at, name)) add([...at, name], 'a value', `expected nothing: type is ${type}, where values have types`)
  }
}

function checkTable({ connection, table }: Datasource, at: Path, { add, isSet }: Findings): void {
  for (const name of ['path', 'type', 'separator', 'decimal', 'missing']) {
    if (isSet(...at, name)) add([...at, name], 'a value', 'expected nothing: kind is db, which has no file')
  }
  if (table === undefined) add([...at, 'table'], 'nothing', 'expected the name of a table or view: kind is db')
  checkServer(connection, [...at, 'connection'], { add, isSet })
  if (connection.dialect === 'sqlite' && connection.host === '')
    add([...at, 'connection', 'host'], 'nothing', 'expected the path of the SQLite file')
}

/** Categories belong to features that have some. */
function checkCategories({ schema }: Datasource, at: Path, { add }: Findings): void {
  for (const [feature, { type, categories }] of schema) {
    if (categories.length > 0 && type !== undefined && type !== 'categorical' && type !== 'string')
      add([...at, 'schema', feature, 'categories'], 'a value', `expected nothing: the type is ${type}`)
  }
}

export function checkDatabase({ database }: FileValues, findings: Findings): void {
  const { add } = findings
  if (database.memory) {
    if (database.host !== '') add(['database', 'host'], `"${database.host}"`, 'expected nothing: database.memory is true')
    if (database.dialect === 'postgresql')
      add(['database', 'dialect'], '"postgresql"', 'expected sqlite: database.memory is true, and only SQLite can be in memory')
    return
  }
  checkServer(database, ['database'], findings)
}

type Server = Pick<FileValues['database'], 'dialect' | 'host' | 'username' | 'password'>

function checkServer({ dialect, host, username, password }: Server, at: Path, { add }: Pick<Findings, 'add' | 'isSet'>): void {
  if (dialect === 'postgresql') {
    if (host === '') add([...at, 'host'], 'nothing', 'expected the host of the PostgreSQL server')
    if (username === '') add([...at, 'username'], 'nothing', 'expected the user of the PostgreSQL server')
    return
  }
  if (username !== '') add([...at, 'username'], `"${username}"`, 'expected nothing: SQLite has no users')
  if (password.reveal() !== '') add([...at, 'password'], '***', 'expected nothing: SQLite has no users')
}
