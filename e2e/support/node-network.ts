import type { Project } from '@flotta/client-sdk'
import { freePort } from '../../packages/store/test/support/free-port.ts'
import { AppNetwork, type Sections, urlOf } from './app-network.ts'
import type { AppProcess } from './app-process.ts'
import { enrol } from './enrol.ts'

export interface NetworkNode {
  readonly url: string
  readonly port: number
  readonly process: AppProcess
}

/** A first node with its database in a file, so that its operator can let further nodes in. */
export function firstNode(sections: Sections = {}): Promise<AppNetwork> {
  return AppNetwork.create({ database: { dialect: 'sqlite', host: './node.db' }, ...sections })
}

/** A further node, let in by an enrolment token of the first one; it has a database in a file too. */
export async function furtherNode(network: AppNetwork, name: string, sections: Sections = {}): Promise<NetworkNode> {
  const port = await freePort()
  const enrolment_token = await enrol(network, 'nodes')
  const process = await network.startNodeOf(name, port, {
    database: { dialect: 'sqlite', host: './node.db' },
    join: { first: false, url: network.url, enrolment_token },
    ...sections,
  })
  await process.said(/joined the network/)
  return { url: urlOf(port), port, process }
}

/** Resolves when a researcher sees so many records, however long the news takes. */
export async function sees(project: Project, records: number): Promise<Project> {
  while ((await project.refresh()).records !== records) await new Promise((resolve) => setTimeout(resolve, 50))
  return project
}
