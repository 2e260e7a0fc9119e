import type { Column } from '@flotta/client/cli'
import { type Route, routes } from '@flotta/contract'

/** A kind of thing that the node holds: how it is listed and shown. */
export interface Noun {
  readonly name: string
  readonly about: string
  readonly list: Route
  readonly show: Route
  /** What narrows the list always, as the kind of a component. */
  readonly fixed?: Readonly<Record<string, string>>
  /** Options that narrow the list: name in the query, and what it is. */
  readonly filters: Readonly<Record<string, string>>
  readonly columns: readonly Column<Item>[]
}

/** An item of any list; the contract's schema of the route says what it holds. */
export type Item = Readonly<Record<string, unknown>>

const { admin } = routes

function column(head: string, path = head): Column<Item> {
  return { head, of: (item) => cell(path.split('.').reduce<unknown>((value, name) => (value as Item | null)?.[name], item)) }
}

function cell(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (Array.isArray(value)) return value.join(' ')
  return value == null ? null : String(value)
}

function time(head: string, path: string): Column<Item> {
  return { head, of: (item) => (typeof item[path] === 'number' ? new Date(item[path]).toISOString() : null) }
}

const component = [
  column('id'),
  column('name'),
  column('state'),
  column('fingerprint'),
  column('datasources'),
  column('projects'),
]

export const nouns: readonly Noun[] = [
  {
    name: 'clients',
    about: 'data holders',
    list: admin.components,
    show: admin.component,
    fixed: { kind: 'client' },
    filters: { state: 'active, pending, blocked or left' },
    columns: component,
  },
  {
    name: 'nodes',
    about: 'nodes of the network',
    list: admin.components,
    show: admin.component,
    fixed: { kind: 'node' },
    filters: { state: 'active, pending, blocked or left' },
    columns: component,
  },
  {
    name: 'projects',
    about: 'projects',
    list: admin.projects,
    show: admin.project,
    filters: {},
    columns: ['id', 'name', 'state', 'datasources', 'researchers', 'artifacts'].map((head) => column(head)),
  },
  {
    name: 'datasources',
    about: 'tables that data holders offer',
    list: admin.datasources,
    show: admin.datasource,
    filters: {},
    columns: [
      column('id'),
      column('name'),
      column('client', 'component.name'),
      column('records'),
      column('features'),
      column('problem'),
      column('projects'),
    ],
  },
  {
    name: 'artifacts',
    about: 'plans that researchers submitted, the newest first',
    list: admin.artifacts,
    show: admin.artifact,
    filters: { projectId: 'id of a project', status: 'state of the artifact, as RUNNING' },
    columns: [
      column('id'),
      column('label'),
      column('status'),
      column('submitter', 'submitter.name'),
      time('created', 'createdAtMs'),
      time('ended', 'endedAtMs'),
      column('jobs'),
      column('live', 'liveJobs'),
    ],
  },
  {
    name: 'jobs',
    about: 'jobs of artifacts',
    list: admin.jobs,
    show: admin.job,
    filters: { artifactId: 'id of an artifact', status: 'state of the job, as RUNNING' },
    columns: [
      column('id'),
      column('artifact', 'artifactId'),
      column('step', 'stepIndex'),
      column('operation'),
      column('component', 'component.name'),
      column('status'),
      column('attempts'),
      column('failure', 'failure.code'),
    ],
  },
  {
    name: 'resources',
    about: 'results that are stored; their content is sealed to others',
    list: admin.resources,
    show: admin.resource,
    filters: { artifactId: 'id of an artifact' },
    columns: [
      column('id'),
      column('artifact', 'artifactId'),
      column('producer', 'producer.name'),
      column('bytes'),
      column('released'),
    ],
  },
]
