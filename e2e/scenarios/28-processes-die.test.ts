import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { connect, type Project } from '@flotta/client-sdk'
import { describe, expect, it } from 'vitest'
import { AppNetwork } from '../support/app-network.ts'
import { forestSteps } from '../support/forest.ts'
import { madeUpTable } from '../support/tables.ts'

const north = madeUpTable({ rows: 4000, seed: 1 })
const south = madeUpTable({ rows: 4000, seed: 2, shift: 10 })
const sqlite = { database: { dialect: 'sqlite', host: './node.db' } }

function train(project: Project, nEstimators: number) {
  return project.submit(forestSteps({ nEstimators }))
}

async function open(network: AppNetwork): Promise<Project> {
  const workbench = await connect(network.url, { folder: join(network.folder, 'workbench') })
  return workbench.project(network.token)
}

describe('nothing that was accepted is lost', () => {
  it('SIGKILL of the node while its clients train: after a restart the artifact ends with its result (law 3)', async () => {
    await using network = await AppNetwork.create(sqlite)
    const node = await network.startNode()
    const clients = [network.startClient('north', north), network.startClient('south', south)]
    await Promise.all(clients.map((client) => client.said(/joined the node/)))
    const run = await train(await open(network), 60)
    node.kill('SIGKILL')
    expect(await node.exited).toBe('SIGKILL')
    await network.startNode()
    const { model } = await run.resultOf('RandomForestClassifier')
    expect(model.treeWeights.length).toBe(120)
    expect((await run.status()).jobs.every(({ status }) => status === 'COMPLETED')).toBe(true)
  })

  it('a client that is away gets its job when it comes back, as the same component, and its data count once (E4, E5)', async () => {
    await using network = await AppNetwork.create(sqlite)
    await network.startNode()
    const [first] = [network.startClient('north', north), network.startClient('south', south)]
    await first!.said(/joined the node/)
    const project = await open(network)
    while ((await project.refresh()).clients.length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
    first!.kill('SIGKILL')
    await first!.exited
    const counting = project.count()
    const again = network.startClient('north', north)
    await again.said(/joined the node/)
    expect(await counting).toMatchObject({ count: 8000, sites: 2 })
    expect((await project.refresh()).records).toBe(8000)
  })

  it('SIGTERM drains: the exit code is 0, for node and client alike', async () => {
    await using network = await AppNetwork.create()
    const node = await network.startNode()
    const client = network.startClient('north', north)
    await client.said(/joined the node/)
    client.kill('SIGTERM')
    expect(await client.exited).toBe(0)
    node.kill('SIGTERM')
    expect(await node.exited).toBe(0)
  })

  it('a client that starts before its node says so, waits, and joins once the node is there', async () => {
    await using network = await AppNetwork.create()
    const client = network.startClient('north', north)
    await client.said(/No answer from the node at .*nextTryInMs/)
    await network.startNode()
    await client.said(/joined the node/)
  })

  it('a node that kept everything in memory is joined anew after its restart', async () => {
    await using network = await AppNetwork.create()
    const node = await network.startNode()
    const client = network.startClient('north', north)
    await client.said(/joined the node/)
    node.kill('SIGKILL')
    await node.exited
    const from = client.lines.length
    await network.startNode()
    await client.said(/joined the node/, from)
    expect((await (await open(network)).count()).count).toBe(4000)
  })

  it.skipIf(spawnSync('prlimit', ['--version']).error !== undefined)(
    'a disk that is full at the node stops nothing for good: the client is told, tries again, and delivers once there is space',
    async () => {
      await using network = await AppNetwork.create(sqlite)
      const node = await network.startNode()
      const clients = [network.startClient('north', north), network.startClient('south', south)]
      await Promise.all(clients.map((client) => client.said(/joined the node/)))
      limitFiles(node.pid, 1024 * 1024)
      const run = await train(await open(network), 800)
      await Promise.all(clients.map((client) => client.said(/delivering a result: .*no space left for resources/)))
      expect((await run.status()).status).toBe('RUNNING')
      limitFiles(node.pid, 'unlimited')
      const { model } = await run.resultOf('RandomForestClassifier')
      expect(model.treeWeights.length).toBe(1600)
    },
  )
})

/** The largest file that a running process may write: a write beyond it fails as on a full disk. */
function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}
