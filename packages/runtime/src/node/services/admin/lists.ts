import {
  type ArtifactId,
  type ArtifactView,
  type ComponentId,
  type ComponentItem,
  type DatasourceId,
  type DatasourceItem,
  FlottaError,
  type JobId,
  type ProjectId,
  type ResourceId,
} from '@flotta/contract'
import { fingerprint } from '@flotta/crypto'
import type { ComponentSummary, DatasourceSummary, InventoryFilters, Listed, Page } from '../../../ports/inventory.ts'
import type { NodeContext } from '../../node-context.ts'
import { artifactView } from '../artifacts.ts'

const DEFAULT_LIMIT = 100

type Query<F> = F & { readonly limit?: number | undefined; readonly cursor?: string | undefined }

/** A filter and the part of the list that a query asks for. */
function split<F>({ limit = DEFAULT_LIMIT, cursor, ...filter }: Query<F>): [Omit<Query<F>, 'limit' | 'cursor'>, Page] {
  return [filter, { limit, after: cursor }]
}

function listOf<T, U>({ items, next }: Listed<T>, item: (value: T) => U): { items: U[]; next: string | null } {
  return { items: items.map(item), next: next ?? null }
}

async function only<T>(listed: Promise<Listed<T>>): Promise<T> {
  const [item] = (await listed).items
  if (item === undefined) throw new FlottaError('not_found')
  return item
}

const same = <T>(value: T): T => value

export async function listComponents({ store }: NodeContext, query: Query<InventoryFilters['components']>) {
  return listOf(await store.inventory.components(...split(query)), componentItem)
}

export async function showComponent({ store }: NodeContext, id: ComponentId): Promise<ComponentItem> {
  return componentItem(await only(store.inventory.components({ id }, { limit: 1 })))
}

export async function listProjects({ store }: NodeContext, query: Query<object>) {
  return listOf(await store.inventory.projects(...split(query)), same)
}

export function showProject({ store }: NodeContext, id: ProjectId) {
  return only(store.inventory.projects({ id }, { limit: 1 }))
}

export async function listDatasources({ store }: NodeContext, query: Query<object>) {
  return listOf(await store.inventory.datasources(...split(query)), datasourceItem)
}

export async function showDatasource({ store }: NodeContext, id: DatasourceId) {
  const { component, metadata, projectIds } = await only(store.inventory.datasources({ id }, { limit: 1 }))
  return { id, component, metadata, projects: [...projectIds] }
}

export async function listArtifacts({ store }: NodeContext, query: Query<InventoryFilters['artifacts']>) {
  return listOf(await store.inventory.artifacts(...split(query)), same)
}

export async function showArtifact(context: NodeContext, id: ArtifactId): Promise<ArtifactView> {
  const artifact = await context.store.artifacts.find(id)
  if (artifact === undefined) throw new FlottaError('not_found')
  return artifactView(context, artifact)
}

export async function listJobs({ store }: NodeContext, query: Query<InventoryFilters['jobs']>) {
  return listOf(await store.inventory.jobs(...split(query)), same)
}

export function showJob({ store }: NodeContext, id: JobId) {
  return only(store.inventory.jobs({ id }, { limit: 1 }))
}

export async function listResources({ store }: NodeContext, query: Query<InventoryFilters['resources']>) {
  return listOf(await store.inventory.resources(...split(query)), same)
}

export function showResource({ store }: NodeContext, id: ResourceId) {
  return only(store.inventory.resources({ id }, { limit: 1 }))
}

function componentItem({ id, kind, name, state, key, datasources, projects }: ComponentSummary): ComponentItem {
  return { id, kind, name, state, fingerprint: fingerprint(key), datasources, projects }
}

function datasourceItem({ id, component, metadata, projectIds }: DatasourceSummary): DatasourceItem {
  const { name, records, features, problem } = metadata
  return { id, name, component, records, features: features.length, problem: problem?.code ?? null, projects: [...projectIds] }
}
