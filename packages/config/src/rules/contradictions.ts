import type { ConfigProblem } from '../config-error.ts'
import type { Values } from '../key/key.ts'
import type { keys } from '../keys/index.ts'
import type { Layers } from '../layers/layers.ts'
import { Findings } from './findings.ts'
import { checkDatabase, checkDatasources } from './tables-and-databases.ts'

type FileValues = Values<typeof keys>

/** Values that are right by themselves and wrong together. */
export function contradictions(values: FileValues, layers: Layers): ConfigProblem[] {
  const findings = new Findings(layers)
  checkJoin(values, findings)
  checkNode(values, findings)
  checkDatasources(values, findings)
  checkDatabase(values, findings)
  checkExecution(values, findings)
  checkStorage(values, findings)
  return findings.problems
}

function checkJoin({ mode, join }: FileValues, findings: Findings): void {
  const { add, isSet } = findings
  const first = join.first && isSet('join', 'first')
  if (mode === 'client' && first) add(['join', 'first'], 'true', 'expected false: a client is never the first of a network')
  if (mode === 'standalone' && !join.first)
    add(['join', 'first'], 'false', 'expected true: a standalone network has nobody to join')
  if (mode === 'client' && join.url === '')
    add(['join', 'url'], 'nothing', 'expected the URL of a node, such as http://node.example.org:1456')
  if (mode === 'node' && !join.first && join.url === '')
    add(['join', 'url'], 'nothing', 'expected the URL of a node: join.first is false')
  if (mode !== 'client' && join.url !== '' && join.first)
    add(['join', 'url'], `"${join.url}"`, 'expected nothing: join.first is true, so there is nobody to join')
  if (join.enrolment_token.reveal() !== '' && join.url === '')
    add(['join', 'enrolment_token'], '***', 'expected nothing: there is no join.url to enrol at')
}

function checkNode({ node }: FileValues, { add, addTwice }: Findings): void {
  const { protocol, tls } = node
  for (const name of ['certificate', 'key'] as const) {
    if (protocol === 'https' && tls[name] === undefined)
      add(['node', 'tls', name], 'nothing', `expected a file with the ${name} (PEM): node.protocol is https`)
    if (protocol === 'http' && tls[name] !== undefined)
      add(['node', 'tls', name], `"${tls[name]}"`, 'expected nothing: node.protocol is http')
  }
  const projects = node.token_projects_initial
  addTwice(
    projects.map(({ token }) => token.reveal()),
    (index) => ['node', 'token_projects_initial', index, 'token'],
    () => '***',
    'expected a token of its own: another project has the same',
  )
  addTwice(
    projects.map(({ name }) => name),
    (index) => ['node', 'token_projects_initial', index, 'name'],
    (name) => `"${name}"`,
    'expected a name of its own: another project has the same',
  )
}

function checkExecution({ mode, execution, database, datasources }: FileValues, { add, isSet }: Findings): void {
  const { engine, queue } = execution
  if (engine === 'local') {
    for (const name of ['kind', 'url'] as const) {
      if (isSet('execution', 'queue', name))
        add(['execution', 'queue', name], 'a value', 'expected nothing: execution.engine is local, which has no queue')
    }
    return
  }
  if (mode !== 'node') add(['execution', 'engine'], '"bullmq"', `expected local: a ${mode} has no workers on other machines`)
  if (datasources.length > 0)
    add(['execution', 'engine'], '"bullmq"', 'expected local: a node with datasources reads them itself. Run a client beside it')
  const usesDatabase = queue.kind === 'postgresql' && database.dialect === 'postgresql'
  const protocol = /^\w+/.exec(queue.url.reveal())?.[0]
  if (protocol === undefined) {
    if (!usesDatabase) add(['execution', 'queue', 'url'], 'nothing', `expected the URL of the queue: its kind is ${queue.kind}`)
  } else if (protocol.startsWith('redis') !== (queue.kind === 'redis')) {
    add(['execution', 'queue', 'url'], `a URL of ${protocol}`, `expected one of ${queue.kind}: execution.queue.kind says so`)
  }
}

function checkStorage({ storage }: FileValues, { add, isSet }: Findings): void {
  if (storage.kind === 'file') {
    if (isSet('storage', 's3')) add(['storage', 's3'], 'a value', 'expected nothing: storage.kind is file')
    return
  }
  if (storage.path !== '') add(['storage', 'path'], `"${storage.path}"`, 'expected nothing: storage.kind is s3')
  if (storage.s3.bucket === '') add(['storage', 's3', 'bucket'], 'nothing', 'expected the name of the bucket: storage.kind is s3')
  const { access_key_id: id, secret_access_key: secret } = storage.s3
  if ((id.reveal() === '') !== (secret.reveal() === ''))
    add(['storage', 's3'], 'half of a key', 'expected both access_key_id and secret_access_key, or neither')
}
