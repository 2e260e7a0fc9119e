import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Aggregation,
  Collect,
  connect,
  FederatedRandomForestClassifier,
  FederatedSplitter,
  Finalize,
  type FlottaError,
  feature,
  Parallel,
  Query,
  type Step,
  TrainTest,
} from '@flotta/client-sdk'
import { generateIdentity } from '@flotta/crypto'
import { createClient, createPoolExecutor, type Logger } from '@flotta/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { madeUpTable } from '../support/tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-bad-'))
let network: Network

beforeAll(async () => {
  const withoutGroup = madeUpTable({ rows: 100, seed: 2 })
    .split('\n')
    .map((line) =>
      line
        .split(',')
        .filter((_, index) => index !== 2)
        .join(','),
    )
    .join('\n')
  network = await startNetwork({ sites: { north: madeUpTable({ rows: 100, seed: 1 }), south: withoutGroup } })
})
afterAll(async () => {
  await network?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const refusal = (call: Promise<unknown>): Promise<FlottaError> =>
  call.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: FlottaError) => error,
  )
const forest = (label: string): Step[] => [
  Parallel(
    TrainTest({ model: FederatedRandomForestClassifier({ nEstimators: 2 }), label, query: Query([FederatedSplitter()]) }),
    Collect(),
  ),
  Finalize(Aggregation({ strategy: 'merge' })),
]

describe('the researcher hears at submit', () => {
  it('of a feature that no site has, by name', async () => {
    const error = await refusal((await network.project()).count({ where: feature('heigth').gt(1) }))
    expect(error).toMatchObject({ code: 'unknown_feature' })
    expect(error.message).toContain('"heigth"')
  })

  it('of a label that one site lacks, and which', async () => {
    const error = await refusal((await network.project()).submit(forest('group')))
    expect(error).toMatchObject({ code: 'unknown_feature' })
    expect(error.message).toMatch(/"group" \(at south\/south\)/)
  })

  it('of a part that is not implemented, before anything is sent', async () => {
    const project = await network.project()
    const steps = forest('outcome').map((step) =>
      step.kind === 'Parallel' && step.operation.kind === 'TrainTest'
        ? { ...step, operation: { ...step.operation, kind: 'CrossValidation' as const } }
        : step,
    )
    const error = await refusal(project.submit(steps))
    expect(error).toMatchObject({ code: 'unsupported_operation' })
    expect(error.message).toMatch(/steps\[0\]\.operation: CrossValidation is not implemented/)
    expect(project.runs).toEqual([])
  })

  it('of a malformed plan, with the path of the problem', async () => {
    const project = await network.project()
    const error = await refusal(project.submit([{ kind: 'Parallel', operation: { kind: 'Exec', code: 'rm -rf /' } }] as never))
    expect(error).toMatchObject({ code: 'malformed_request' })
    expect(error.message).toMatch(/artifact\.steps\[0\]/)
    const count = await refusal(project.count({ where: feature('').eq(1) }))
    expect(count).toMatchObject({ code: 'malformed_request' })
    expect(count.message).toMatch(/artifact\.steps\[0\].*condition\.left\.name/)
  })

  it('of a comparison that can not work', async () => {
    const error = await refusal((await network.project()).count({ where: feature('age').eq('old') }))
    expect(error).toMatchObject({ code: 'unsuitable_feature' })
  })

  it('of a wrong token', async () => {
    const workbench = await network.workbench()
    expect(await refusal(workbench.project('no such token'))).toMatchObject({ code: 'admission_refused' })
  })
})

describe('the data holder hears', () => {
  it('of a ragged line, with file and line; the node only that the table is malformed', async () => {
    const told: string[] = []
    const logger = recordingLogger(told)
    const csv = `${madeUpTable({ rows: 50 })}1,2,3,4,5,6\n${madeUpTable({ rows: 10 }).split('\n').slice(1).join('\n')}`
    await using ragged = await startNetwork({ sites: { ragged: csv }, logger })
    const project = await ragged.project()
    expect(project.datasources[0]?.metadata.problem).toMatchObject({ code: 'malformed_datasource' })
    expect(JSON.stringify(project.datasources)).not.toContain('table.csv')
    expect(told.join('\n')).toMatch(/can not be used.*52/s)
    expect(await refusal(project.count())).toMatchObject({ code: 'malformed_datasource' })
  })

  it('that the node is not there yet, again and again, and is admitted once it is', async () => {
    const told: string[] = []
    const port = await freePort()
    const executor = createPoolExecutor({ workers: 1, memoryMb: 256, timeoutMs: 10_000, logger: recordingLogger([]) })
    const client = createClient({
      nodeUrl: `http://127.0.0.1:${port}`,
      identity: generateIdentity(),
      workdir: join(folder, 'early'),
      datasources: [],
      executor,
      policy: { minimumRecords: 10, minimumCell: 10 },
      logger: recordingLogger(told),
    })
    client.start()
    await expect.poll(() => told.length).toBeGreaterThanOrEqual(2)
    await client.stop()
    await executor[Symbol.asyncDispose]()
    expect(told[0]).toMatch(new RegExp(`No answer from the node at http://127.0.0.1:${port} \\(ECONNREFUSED`))
  })
})

describe('the one who connects hears', () => {
  it('that nothing answers at an address', async () => {
    const port = await freePort()
    expect(await refusal(connect(`http://127.0.0.1:${port}`, { folder: join(folder, 'nobody') }))).toMatchObject({
      code: 'unavailable',
    })
  })

  it('that a node is not the one that was there before (A14)', async () => {
    const pins = join(folder, 'pins')
    await (await connect(network.url, { folder: pins })).close()
    await using other = await startNetwork({ sites: {} })
    const file = join(pins, 'known-nodes.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(network.url, other.url))
    const error = await refusal(connect(other.url, { folder: pins }))
    expect(error).toMatchObject({ code: 'node_mismatch' })
    expect(error.message).toMatch(/by telephone/)
  })

  it('that a fingerprint does not match', async () => {
    const options = { folder: join(folder, 'wrong'), fingerprint: 'aaaa-bbbb-cccc-dddd-eeee-ffff-gggg-hhhh' }
    expect(await refusal(connect(network.url, options))).toMatchObject({ code: 'node_mismatch' })
    const right = await connect(network.url, { folder: join(folder, 'right'), fingerprint: network.node.fingerprint })
    await right.close()
  })
})

function recordingLogger(lines: string[]): Logger {
  const record = (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const ignore = () => undefined
  const logger: Logger = { debug: ignore, info: ignore, warn: record, error: record, with: () => logger }
  return logger
}
