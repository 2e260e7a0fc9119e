import type { Inventory } from '@flotta/runtime/ports'
import type { Database } from '../database.ts'
import { counts } from './counts.ts'
import { listComponents, listDatasources, listProjects } from './members.ts'
import { listArtifacts, listJobs, listResources } from './work.ts'

export class StoredInventory implements Inventory {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  readonly components: Inventory['components'] = (filter, page) =>
    this.#database.query((session) => listComponents(session, filter, page))
  readonly projects: Inventory['projects'] = (filter, page) =>
    this.#database.query((session) => listProjects(session, filter, page))
  readonly datasources: Inventory['datasources'] = (filter, page) =>
    this.#database.query((session) => listDatasources(session, filter, page))
  readonly artifacts: Inventory['artifacts'] = (filter, page) =>
    this.#database.query((session) => listArtifacts(session, filter, page))
  readonly jobs: Inventory['jobs'] = (filter, page) => this.#database.query((session) => listJobs(session, filter, page))
  readonly resources: Inventory['resources'] = (filter, page) =>
    this.#database.query((session) => listResources(session, filter, page))
  readonly counts: Inventory['counts'] = () => this.#database.query(counts)
}
