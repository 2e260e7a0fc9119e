import type {
  Artifact,
  ArtifactEvent,
  ArtifactId,
  ArtifactStatus,
  ComponentId,
  ComponentKind,
  ComponentState,
  Criterion,
  DatasourceId,
  DatasourceMetadata,
  JobFailure,
  JobId,
  JobOperation,
  JobStatus,
  Member,
  Metrics,
  ProjectId,
  ProjectState,
  ResourceId,
  SharedProject,
  StoredResource,
} from '@flotta/contract'
import type { ComponentRecord, ComponentRef } from './component-record.ts'
import type { Inventory } from './inventory.ts'
import type { Replicas } from './replicas.ts'

/**
 * What the node remembers. The engine owns this port; an adapter proves itself with the conformance suite of
 * `@flotta/runtime/testing`.
 *
 * Every method is one transaction: it happens wholly or not at all, and what it has answered survives a crash as far as the
 * database does. Times come from the database's clock alone. A method that can't reach the database rejects with a
 * `FlottaError` of code `unavailable`.
 */
export interface Store extends AsyncDisposable {
  readonly components: ComponentStore
  readonly enrolments: EnrolmentStore
  readonly projects: ProjectStore
  readonly datasources: DatasourceStore
  readonly artifacts: ArtifactStore
  readonly jobs: JobStore
  readonly inventory: Inventory
  /** Present where several processes may serve the node; without, one process alone may. */
  readonly replicas: Replicas | undefined
  /** The node whose memory this is: the first one that asked, for ever. */
  belongsTo(nodeId: ComponentId): Promise<ComponentId>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  /** Milliseconds since 1970 by the database's clock. */
  nowMs(): Promise<number>
  /** How far the tables are from those that this version works on. */
  migrations(): Promise<Migrations>
}

/** Migrations by name. */
export interface Migrations {
  readonly applied: readonly string[]
  /** Those that the tables lack. */
  readonly pending: readonly string[]
  /** Those that another version made: a newer one, or one with other files. */
  readonly foreign: readonly string[]
}

/** Somebody who joins this node. */
export interface Registration extends Pick<ComponentRecord, 'id' | 'kind' | 'name' | 'key'> {
  readonly url?: string | null | undefined
  /** `active` unless told. Who is active already stays so. */
  readonly state?: 'active' | 'pending' | undefined
  /** The `tokenId` of the enrolment token that lets it in, which is spent on it. */
  readonly enrolment?: string | undefined
}

export type RegisterOutcome = 'registered' | 'pending' | 'kind_conflict' | 'blocked' | 'enrolment_spent'

/** Members in the order of their last changes; `revision` is that of the last one. */
export interface MembersSince {
  readonly revision: number
  readonly members: Member[]
  /** Whether there may be more than were asked for. */
  readonly more: boolean
}

export interface ComponentStore {
  /**
   * Takes a component in, or renews what is known of it: it is from then on at home at this node. Its kind never changes. One that had
   * left is back; one that is blocked stays out. The same again is the same as once, and no change.
   */
  register(registration: Registration): Promise<RegisterOutcome>
  find(id: ComponentId): Promise<ComponentRecord | undefined>
  /** The active nodes of the network, this one among them. */
  nodes(): Promise<ComponentRecord[]>
  countPending(): Promise<number>
  /** Lets in who waits for it or was blocked; false where nobody did. */
  approve(id: ComponentId): Promise<boolean>
  /**
   * Takes a component out: its tables are taken off, and the artifacts that still need it, or somebody who is reached through it, fail
   * with `worker_left`.
   */
  retire(id: ComponentId, state: 'left' | 'blocked'): Promise<Changes>
  /** Sets the state of a component, as `approve` and `retire` do; false = there is none of this id. */
  setState(id: ComponentId, state: ComponentState): Promise<boolean>
  /** The last revision of all changes of members and projects: every change up to it can be seen. */
  revision(): Promise<number>
  /** What other nodes are told: the members at home here, and all nodes, whose last change is later than a revision. */
  membersSince(revision: number, limit: number): Promise<MembersSince>
  /**
   * Takes over what another node, `homeId`, tells of a component with all that it offers, where its version is greater than what is
   * known; projects that are not known here are passed over. Undefined where nothing changed.
   */
  adopt(member: Member, homeId: ComponentId): Promise<Changes | undefined>
}

/** A token that lets in one component of a kind, once. */
export interface EnrolmentRecord {
  readonly tokenId: string
  readonly tokenVerifier: string
  readonly kind: ComponentKind
  readonly expiresAtMs: number
  readonly usedById: ComponentId | null
}

export interface EnrolmentStore {
  /** Lets a token in for `lifeMs` from now. */
  create(enrolment: Pick<EnrolmentRecord, 'tokenId' | 'tokenVerifier' | 'kind'>, lifeMs: number): Promise<void>
  find(tokenId: string): Promise<EnrolmentRecord | undefined>
}

export interface ProjectRecord {
  readonly id: ProjectId
  readonly name: string
  /** What a token is looked up by; never the token itself. */
  readonly tokenId: string
  /** What a proof of the token is checked with. */
  readonly tokenVerifier: string
  readonly state: ProjectState
}

export type RotateOutcome = 'rotated' | 'unknown' | 'taken'

export interface ProjectStore {
  /**
   * Creates the project unless one has this `tokenId`, whose name is then renewed, or had it before, which then stays as it is;
   * answers the stored record.
   */
  ensure(project: ProjectRecord): Promise<ProjectRecord>
  /**
   * Gives a project another token, and retires the one it had; the one that it has is the same as once.
   *
   * unknown: there is no such project; taken: another project has this token, or any had it
   */
  rotateToken(id: ProjectId, token: Pick<ProjectRecord, 'tokenId' | 'tokenVerifier'>): Promise<RotateOutcome>
  /** Sets the state of a project; false = there is none of this id. */
  setState(id: ProjectId, state: ProjectState): Promise<boolean>
  find(id: ProjectId): Promise<ProjectRecord | undefined>
  findByTokenId(tokenId: string): Promise<ProjectRecord | undefined>
  /** Makes a component a member; again is the same as once. */
  addMember(projectId: ProjectId, componentId: ComponentId): Promise<void>
  isMember(projectId: ProjectId, componentId: ComponentId): Promise<boolean>
  /** The projects whose last change is later than a revision. */
  since(revision: number): Promise<SharedProject[]>
  /** Takes over what another node tells of a project, where its version is greater than what is known; false where nothing changed. */
  adopt(project: SharedProject): Promise<boolean>
}

export interface DatasourceRecord {
  readonly id: DatasourceId
  readonly component: ComponentRef
  readonly metadata: DatasourceMetadata
}

export interface DatasourceStore {
  /**
   * Replaces everything that a component offers. A datasource keeps its id as long as its name stays; publishing the same
   * again changes nothing (E4). `id` of an entry is used only where the name is new.
   */
  replace(
    componentId: ComponentId,
    datasources: readonly {
      readonly id: DatasourceId
      readonly metadata: DatasourceMetadata
      readonly projectIds: readonly ProjectId[]
    }[],
  ): Promise<void>
  /** The datasources attached to a project, ordered by component id, then by name. */
  ofProject(projectId: ProjectId): Promise<DatasourceRecord[]>
}

/** A job as the scheduler plans it. `ordinal` is its place within the artifact: the canonical order of everything. */
export interface PlannedJob {
  readonly id: JobId
  readonly ordinal: number
  readonly stepIndex: number
  readonly componentId: ComponentId
  readonly operation: JobOperation
  /** The barrier that must open first; absent: the job is READY from the start. */
  readonly waitsFor: number | undefined
  /** The barrier that this job's completion counts towards. */
  readonly feeds: number | undefined
  /** Outputs of earlier jobs that the job reads beside its inputs, in the order of the plan. */
  readonly uses: readonly ResourceId[]
  readonly outputId: ResourceId
  /** Who may read the output. */
  readonly recipientIds: readonly ComponentId[]
  /** Whether the output is the result that the researcher gets. At most one job of an artifact. */
  readonly released: boolean
  /** Present where a round ends that may be the last one. */
  readonly until: PlannedStop | undefined
}

/** What becomes of a job when, at its completion, the rounds are found to have met their criterion. */
export interface PlannedStop {
  readonly criterion: Criterion
  /** The output of the round before, which the criterion compares with. */
  readonly previous: ResourceId
  /** Take the place of the job's own `feeds`, `recipientIds` and `released`. */
  readonly feeds: number | undefined
  readonly recipientIds: readonly ComponentId[]
  readonly released: boolean
  /** Ordinals of the first and the last job of the rounds that are then SKIPPED. */
  readonly skipFrom: number
  readonly skipTo: number
}

/** What jobs wait for: it opens when `needed` of the jobs that feed it have completed. The index is its place in the list. */
export interface PlannedBarrier {
  readonly index: number
  readonly needed: number
  /**
   * Where present, all jobs before it are waited for this long from when they could begin, also when `needed` have completed;
   * absent: it opens with the last one that is needed.
   */
  readonly timeoutMs?: number | undefined
}

export interface PlannedArtifact {
  readonly id: ArtifactId
  readonly projectId: ProjectId
  readonly submitterId: ComponentId
  /** Made by the submitter: the same request sent twice makes one artifact. */
  readonly requestId: string
  /** SHA-256 of the plan, so that another plan under the same `requestId` is told apart. */
  readonly requestDigest: string
  readonly artifact: Artifact
  readonly maxAttempts: number
  readonly jobs: readonly PlannedJob[]
  readonly barriers: readonly PlannedBarrier[]
}

export interface JobRecord {
  readonly id: JobId
  readonly artifactId: ArtifactId
  readonly ordinal: number
  readonly stepIndex: number
  readonly component: ComponentRef
  readonly operation: JobOperation['kind']
  readonly status: JobStatus
  readonly attempts: number
  readonly metrics: Metrics | null
  /** Why it FAILED. */
  readonly failure: JobFailure | null
  /** Why each attempt failed that did, in order. */
  readonly failures: readonly JobFailure[]
  /** The resource that the job produces. */
  readonly outputId: ResourceId
}

/** Why an artifact failed, and the job whose failure ended it; without one where a deadline passed. */
export interface ArtifactFailureRecord extends JobFailure {
  readonly jobId: JobId | null
}

export interface ArtifactRecord {
  readonly id: ArtifactId
  readonly projectId: ProjectId
  readonly submitterId: ComponentId
  readonly label: string
  readonly status: ArtifactStatus
  readonly createdAtMs: number
  readonly endedAtMs: number | null
  readonly failure: ArtifactFailureRecord | null
  readonly result: StoredResource | null
  /** Ordered by `ordinal`. */
  readonly jobs: readonly JobRecord[]
}

export type CreateOutcome =
  | { readonly kind: 'created'; readonly changes: Changes }
  /** The same request came before; `artifactId` is what it made. */
  | { readonly kind: 'exists'; readonly artifactId: ArtifactId }
  /** The `requestId` was used before for another plan. */
  | { readonly kind: 'conflict' }
  /** Somebody who has a job of it takes part no more, so that it could never end: nothing is stored. */
  | { readonly kind: 'outdated' }

export type CancelOutcome =
  | { readonly kind: 'cancelled'; readonly changes: Changes }
  /** It had ended before, and stays as it ended. */
  | { readonly kind: 'ended'; readonly status: ArtifactStatus }
  | { readonly kind: 'unknown' }

/** The resources of an ended artifact that nobody can need any more. */
export interface Leftovers {
  readonly artifactId: ArtifactId
  readonly resourceIds: readonly ResourceId[]
}

/** What a request made, and how to tell whether another one of the same id is the same. */
export interface SubmittedRequest extends Pick<PlannedArtifact, 'projectId' | 'requestDigest'> {
  readonly artifactId: ArtifactId
  readonly status: ArtifactStatus
  /** How many jobs it was planned with. */
  readonly jobs: number
}

export interface ArtifactStore {
  /** Writes artifact, jobs, barriers and their first events: O(jobs) rows, all or nothing. */
  create(planned: PlannedArtifact): Promise<CreateOutcome>
  find(id: ArtifactId): Promise<ArtifactRecord | undefined>
  /** What a submitter's request has made before. */
  findRequest(submitterId: ComponentId, requestId: string): Promise<SubmittedRequest | undefined>
  /** Events with a `sequence` greater than `after`, in order; gapless within an artifact, at most 1,000. */
  events(id: ArtifactId, after: number): Promise<ArtifactEvent[]>
  /** Ends an artifact and its live jobs as CANCELLED, in whatever state it is; one that has ended stays as it is (E3). */
  cancel(id: ArtifactId): Promise<CancelOutcome>
  /** Opens or gives up every barrier whose deadline has passed: `quorum_not_met` where too few have completed. */
  passDeadlines(): Promise<Looked>
  /** Ended artifacts, oldest end first, whose resources have not been removed yet: all that a job may have brought, but the released result. */
  leftovers(limit: number): Promise<Leftovers[]>
  /** The resources of these artifacts have been removed, and those that the store holds itself are now, but for released results. */
  removed(ids: readonly ArtifactId[]): Promise<void>
}

/** Who should be woken after a transition: components with newly READY jobs, and artifacts with new events. */
export interface Changes {
  readonly readyFor: readonly ComponentId[]
  readonly artifactIds: readonly ArtifactId[]
}

/**
 * What a look through many artifacts did. Each is done by itself: one that goes wrong holds up no other, and one that another process
 * is just changing is passed over until the next look.
 */
export interface Looked extends Changes {
  readonly problems: readonly ArtifactProblem[]
}

/** An artifact at which a look did nothing, and why. */
export interface ArtifactProblem {
  readonly artifactId: ArtifactId
  readonly error: Error
}

/** A stored product and who made it. */
export interface ProducedResource {
  readonly resourceId: ResourceId
  readonly producer: ComponentId
  readonly digest: string
}

/** How many bytes of small products are handed out with a job; those beyond are downloaded. */
export const TASK_CONTENT_BYTES = 512 * 1024

/** A job under a lease. */
export interface ClaimedJob {
  readonly id: JobId
  readonly artifactId: ArtifactId
  readonly projectId: ProjectId
  readonly stepIndex: number
  readonly componentId: ComponentId
  readonly operation: JobOperation
  /** Fencing token: 1 at the first claim, one more with each further claim. */
  readonly epoch: number
  readonly outputId: ResourceId
  readonly recipients: readonly ComponentRecord[]
  /** Outputs of the completed jobs that fed the barrier this job waited for, ordered by ordinal. */
  readonly inputs: readonly ProducedResource[]
  /** The products that the plan's `uses` name, in its order. */
  readonly used: readonly ProducedResource[]
  /** Of all these products the small ones whose sealed bytes the store holds itself: the first of them, up to `TASK_CONTENT_BYTES` together. */
  readonly contents: ReadonlyMap<ResourceId, Uint8Array>
  readonly until:
    | { readonly criterion: Criterion; readonly previous: ProducedResource; readonly recipients: readonly ComponentRecord[] }
    | undefined
}

/** A job, held under a lease. A call with another component or an old epoch is `stale` and changes nothing (A5). */
export interface LeaseRef {
  readonly jobId: JobId
  readonly componentId: ComponentId
  readonly epoch: number
}

export type CompleteOutcome =
  | { readonly kind: 'completed'; readonly changes: Changes }
  /** This very completion (component, epoch, digest) took effect before. */
  | { readonly kind: 'duplicate' }
  /** It completed under this epoch with another digest. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'stale' }

export type FailOutcome =
  /** Attempts are left: READY again after the delay. */
  | { readonly kind: 'released'; readonly changes: Changes }
  /** The job FAILED; with it the artifact, whose other live jobs are CANCELLED, unless enough others can still complete the step. */
  | { readonly kind: 'failed'; readonly changes: Changes }
  | { readonly kind: 'stale' }

/** `content`: the sealed bytes, where the store holds them itself; else they are a blob. */
export interface StoredOutput {
  readonly digest: string
  readonly bytes: number
  readonly content: Uint8Array | null
}

/** A resource as its job plans it; `stored` once the job has completed. */
export interface ResourceRecord {
  readonly id: ResourceId
  readonly artifactId: ArtifactId
  readonly producerId: ComponentId
  readonly recipientIds: readonly ComponentId[]
  readonly released: boolean
  /** State of the job that produces it. */
  readonly jobStatus: JobStatus
  readonly stored: StoredOutput | null
}

export interface JobStore {
  /**
   * Takes a READY job of a component whose delay has passed: RUNNING under a lease of `leaseMs`, epoch and attempts one more. Two
   * claims at once never get the same job. The first claim of an artifact makes it RUNNING.
   *
   * Projects take turns at each component; within a project the job comes first that has been READY for longest, then the older
   * artifact, then the lower ordinal.
   */
  claim(componentId: ComponentId, leaseMs: number): Promise<{ readonly job: ClaimedJob; readonly changes: Changes } | undefined>
  /** Extends a lease from now; false = the lease is not held any more. */
  renew(lease: LeaseRef, leaseMs: number): Promise<boolean>
  /**
   * RUNNING → COMPLETED with its output; opens barriers; the last job completes the artifact, whose result is the released output.
   *
   * `stop`: the criterion of the job's `until` is met. Later rounds are SKIPPED, and the output goes where that of the last one would.
   * `content` of the output is kept by the store itself, until its artifact's resources are `removed`.
   */
  complete(
    lease: LeaseRef,
    output: StoredOutput & { readonly metrics: Metrics | null; readonly stop: boolean },
  ): Promise<CompleteOutcome>
  /**
   * Ends an attempt. With `retryDelayMs` and attempts left the job is READY again after the delay; else it FAILED. Where its step
   * can still be completed by as many as it needs, that is all; where it needed everybody the artifact FAILED with the job's
   * failure, where it had a quorum with `quorum_not_met`, and the other live jobs are CANCELLED (E3).
   */
  fail(lease: LeaseRef, failure: JobFailure, retryDelayMs: number | undefined): Promise<FailOutcome>
  /**
   * Treats every RUNNING job whose lease has run out as failed with `lease_expired`, as `fail` does with `retryDelayMs` 0 (E1).
   *
   * @param asOfMs by when it has to have run out, by the clock of the database; now unless told. Whoever has decided by that time takes none that
   * ran out since, however long this takes
   */
  expireLeases(asOfMs?: number): Promise<Looked>
  find(id: JobId): Promise<JobRecord | undefined>
  /** The resource that a job produces. */
  findResource(id: ResourceId): Promise<ResourceRecord | undefined>
}
