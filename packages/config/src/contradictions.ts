import type { ConfigProblem } from './config-error.ts'
import type { Values } from './key.ts'
import type { keys } from './keys.ts'
import { type Layers, type Path, pathText } from './layers.ts'

type FileValues = Values<typeof keys>

/** Values that are right by themselves and wrong together. */
export function contradictions(values: FileValues, layers: Layers): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const add = (path: Path, found: string, expected: string) => {
    problems.push({ source: layers.get(path)?.source ?? 'nowhere set', path: pathText(path), found, expected })
  }
  const { mode, join, datasources, database, node } = values
  if (mode === 'client') {
    if (join.first && layers.get(['join', 'first']))
      add(['join', 'first'], 'true', 'expected false: a client is never the first of a network')
    if (datasources.length === 0)
      add(['datasources'], 'none', 'expected at least one data source with a token: a client has data to offer')
  }
  if (join.url === '' && (mode === 'client' || !join.first)) {
    add(
      ['join', 'url'],
      'nothing',
      mode === 'client'
        ? 'expected the URL of a node, such as http://node.example.org:1456'
        : 'expected the URL of a node: join.first is false',
    )
  }
  if (mode !== 'client' && join.url !== '' && join.first && layers.get(['join', 'first'])) {
    add(['join', 'url'], `"${join.url}"`, 'expected nothing: join.first is true, so there is nobody to join')
  }
  if (mode === 'node' && !join.first)
    add(['join', 'first'], 'false', 'expected true: nodes that join another one are not available in this version')
  if (database.dialect === 'postgresql' && !database.memory) {
    for (const name of ['host', 'username'] as const) {
      if (database[name] === '')
        add(['database', name], 'nothing', `expected the ${name === 'host' ? 'host' : 'user'} of the PostgreSQL server`)
    }
  }
  if (database.memory && database.host !== '')
    add(['database', 'host'], `"${database.host}"`, 'expected nothing: database.memory is true')
  twice(node.token_projects_initial.map(({ token }) => token.reveal())).forEach((index) => {
    add(['node', 'token_projects_initial', index, 'token'], '***', 'expected a token of its own: another project has the same')
  })
  twice(node.token_projects_initial.map(({ name }) => name)).forEach((index) => {
    add(
      ['node', 'token_projects_initial', index, 'name'],
      `"${node.token_projects_initial[index]?.name}"`,
      'expected a name of its own: another project has the same',
    )
  })
  twice(datasources.map(({ name }) => name)).forEach((index) => {
    add(
      ['datasources', index, 'name'],
      `"${datasources[index]?.name}"`,
      'expected a name of its own: another data source has the same',
    )
  })
  return problems
}

/** Indices of values that occurred before. */
function twice(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (value !== '' && values.indexOf(value) < index ? [index] : []))
}
