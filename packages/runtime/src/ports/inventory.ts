import type {
  ArtifactId,
  ArtifactStatus,
  ComponentId,
  ComponentState,
  DatasourceId,
  DatasourceMetadata,
  JobFailure,
  JobId,
  JobStatus,
  ProjectId,
  ProjectState,
  ResourceId,
} from '@flotta/contract'
import type { ComponentRecord, ComponentRef } from './component-record.ts'

/** A part of a list. `after` is the `next` of the part before; absent: the first. */
export interface Page {
  readonly limit: number
  readonly after?: string | undefined
}

export interface Listed<T> {
  readonly items: readonly T[]
  /** What to ask for next; undefined: this was the last part. */
  readonly next: string | undefined
}

export interface ComponentSummary extends ComponentRecord {
  readonly datasources: number
  readonly projects: number
}

export interface ProjectSummary {
  readonly id: ProjectId
  readonly name: string
  readonly state: ProjectState
  readonly datasources: number
  readonly researchers: number
  readonly artifacts: number
}

export interface DatasourceSummary {
  readonly id: DatasourceId
  readonly component: ComponentRef
  readonly metadata: DatasourceMetadata
  readonly projectIds: readonly ProjectId[]
}

export interface ArtifactSummary {
  readonly id: ArtifactId
  readonly projectId: ProjectId
  readonly submitter: ComponentRef
  readonly label: string
  readonly status: ArtifactStatus
  readonly createdAtMs: number
  readonly endedAtMs: number | null
  readonly jobs: number
  readonly liveJobs: number
}

export interface JobSummary {
  readonly id: JobId
  readonly artifactId: ArtifactId
  readonly stepIndex: number
  readonly operation: string
  readonly component: ComponentRef
  readonly status: JobStatus
  readonly attempts: number
  readonly failure: JobFailure | null
}

export interface ResourceSummary {
  readonly id: ResourceId
  readonly artifactId: ArtifactId
  readonly producer: ComponentRef
  readonly bytes: number
  readonly digest: string
  readonly released: boolean
}

/** Optional conditions, of which each narrows a list. */
export interface InventoryFilters {
  readonly components: {
    readonly id?: ComponentId | undefined
    readonly kind?: ComponentRecord['kind'] | undefined
    readonly state?: ComponentState | undefined
  }
  readonly projects: { readonly id?: ProjectId | undefined }
  readonly datasources: { readonly id?: DatasourceId | undefined; readonly componentId?: ComponentId | undefined }
  readonly artifacts: { readonly projectId?: ProjectId | undefined; readonly status?: ArtifactStatus | undefined }
  readonly jobs: {
    readonly id?: JobId | undefined
    readonly artifactId?: ArtifactId | undefined
    readonly status?: JobStatus | undefined
  }
  readonly resources: { readonly id?: ResourceId | undefined; readonly artifactId?: ArtifactId | undefined }
}

/**
 * What the node holds, for its operator: in parts, without tokens, keys that are private, or values.
 *
 * Components, projects and datasources are ordered by id; artifacts, jobs and resources begin with the newest artifact.
 */
export interface Inventory {
  components(filter: InventoryFilters['components'], page: Page): Promise<Listed<ComponentSummary>>
  projects(filter: InventoryFilters['projects'], page: Page): Promise<Listed<ProjectSummary>>
  datasources(filter: InventoryFilters['datasources'], page: Page): Promise<Listed<DatasourceSummary>>
  artifacts(filter: InventoryFilters['artifacts'], page: Page): Promise<Listed<ArtifactSummary>>
  jobs(filter: InventoryFilters['jobs'], page: Page): Promise<Listed<JobSummary>>
  resources(filter: InventoryFilters['resources'], page: Page): Promise<Listed<ResourceSummary>>
  /** How many jobs and artifacts are in each state, and components of each kind that are active. */
  counts(): Promise<InventoryCounts>
}

export interface InventoryCounts {
  readonly artifacts: Readonly<Partial<Record<ArtifactStatus, number>>>
  readonly jobs: Readonly<Partial<Record<JobStatus, number>>>
  readonly components: Readonly<Partial<Record<ComponentRecord['kind'], number>>>
}
