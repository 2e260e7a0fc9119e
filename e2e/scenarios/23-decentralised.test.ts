import { describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { urlOf } from '../support/app-network.ts'
import { enrol } from '../support/enrol.ts'
import { firstNode, furtherNode, sees } from '../support/node-network.ts'
import { madeUpTable } from '../support/tables.ts'

const table = (rows: number, seed: number) => madeUpTable({ rows, seed })

describe('three nodes that hold data themselves', () => {
  it('are each its own worker and that of the others: every one of them schedules over all', async () => {
    await using network = await firstNode()
    await network.startNode()
    const holding = (name: string, rows: number) =>
      furtherNode(network, name, { datasources: [network.datasource(name, table(rows, rows))] })
    const second = await holding('second', 60)
    const third = await holding('third', 40)
    for (const url of [network.url, second.url, third.url]) {
      const project = await sees(await network.project(url), 100)
      expect((await project.count()).count).toBe(100)
      expect((await project.runs[0]!.status()).jobs.map(({ component }) => component.name).sort()).toEqual(
        ['second', 'third', { [network.url]: 'node', [second.url]: 'second', [third.url]: 'third' }[url]!].sort(),
      )
    }
  })

  it('go on when one that was killed comes back, with its data counted once (E4)', async () => {
    await using network = await firstNode()
    await network.startNode()
    const sections = { datasources: [network.datasource('second', table(60, 1))] }
    const second = await furtherNode(network, 'second', sections)
    const project = await sees(await network.project(), 60)
    second.process.kill('SIGKILL')
    await second.process.exited
    const counting = project.count()
    await network.startNodeOf('second', second.port, {
      database: { dialect: 'sqlite', host: './node.db' },
      join: { first: false, url: network.url },
      ...sections,
    })
    expect((await counting).count).toBe(60)
    expect((await project.refresh()).records).toBe(60)
  })
})

describe('a node that joins', () => {
  it('waits for the operator of the network when it has a project token alone, and says what to do', async () => {
    await using network = await firstNode()
    const first = await network.startNode()
    const port = await freePort()
    const stranger = await network.startNodeOf('stranger', port, {
      node: { token_projects_initial: [{ name: 'apps', token: network.token }] },
      join: { first: false, url: network.url },
    })
    await first.said(/a node asks to join and waits for approval/)
    await stranger.said(/The operator of the node has to approve cmp_[a-z2-7]{26} \(fingerprint [A-Za-z0-9-]+\)/)
  })

  it('is refused without any token, by an enrolment token that is spent, and where others can not reach it', async () => {
    await using network = await firstNode()
    await network.startNode()
    await furtherNode(network, 'second')
    const joining = { first: false, url: network.url }
    const bare = await network.startNodeOf('bare', await freePort(), { join: joining })
    await bare.said(/this node is in no network: The node does not admit this component/)
    const hidden = await network.startNodeOf('hidden', await freePort(), {
      node: { url: urlOf(await freePort()) },
      join: {
        ...joining,
        enrolment_token: await enrol(network, 'nodes'),
      },
    })
    await hidden.said(/can not be reached at http:\/\/127\.0\.0\.1:\d+, where it says it is.*node\.url/)
  })
})
