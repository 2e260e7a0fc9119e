import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { AppNetwork } from '../support/app-network.ts'
import { AppProcess } from '../support/app-process.ts'
import { listeningPorts } from '../support/listening-ports.ts'
import { madeUpTable } from '../support/tables.ts'

describe('one node and the clients of data holders', () => {
  it('two clients on one host work side by side; neither listens on a port, and no process that holds keys loads the query engine', async () => {
    await using network = await AppNetwork.create()
    const node = await network.startNode()
    const clients = ['north', 'south'].map((name, i) => network.startClient(name, madeUpTable({ rows: 60, seed: i + 1 })))
    await Promise.all(clients.map((client) => client.said(/joined the node/)))
    const project = await network.project()
    expect((await project.count()).count).toBe(120)
    expect(project.clients.map(({ name }) => name).sort()).toEqual(['north', 'south'])
    expect(listeningPorts(node.pid)).toEqual([network.port])
    for (const { pid } of clients) expect(listeningPorts(pid)).toEqual([])
    for (const { pid } of [node, ...clients]) expect(readFileSync(`/proc/${pid}/maps`, 'utf8')).not.toContain('duckdb')
  })
})

describe('a standalone network', () => {
  it('without a file is ready for a researcher at the address and with the token that it says', async () => {
    await using network = await AppNetwork.create()
    const port = await freePort()
    const env = { FLOTTA_MODE: 'standalone', FLOTTA_NODE__PORT: String(port), FLOTTA_WORKDIR: network.folder }
    await using standalone = new AppProcess('node', [], env)
    const [, url, token] = await standalone.said(/FLOTTA_URL=(\S+) FLOTTA_TOKEN=(\S+)/)
    const { connect } = await import('@flotta/client-sdk')
    await using workbench = await connect(url!, { folder: `${network.folder}/workbench` })
    const project = await workbench.project(token!)
    expect(project.name).toBe('demo')
    expect(project.features.map(({ name }) => name)).toContain('systolic')
    expect((await project.count()).count).toBe(600)
    const { means } = await project.mean(['age', 'systolic'])
    expect(means.find(({ name }) => name === 'systolic')?.mean).toBeGreaterThan(100)
  })

  it('is nothing that a client joins: it is told what answered', async () => {
    await using network = await AppNetwork.create({ mode: 'standalone' })
    const standalone = await network.startNode()
    await standalone.said(/listens on/)
    const client = network.startClient('north', madeUpTable({ rows: 60 }))
    await client.said(/is a flotta standalone, not a flotta node in mode node/)
  })
})
