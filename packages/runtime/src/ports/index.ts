export type { BlobStorage, StoredBlob } from './blob-storage.ts'
export { type LogFields, type Logger, silentLogger } from './logger.ts'
export type {
  ArtifactRecord,
  ArtifactStore,
  Changes,
  ClaimedJob,
  CompleteOutcome,
  ComponentRecord,
  ComponentRef,
  ComponentStore,
  CreateOutcome,
  DatasourceRecord,
  DatasourceStore,
  FailOutcome,
  JobRecord,
  JobStore,
  LeaseRef,
  PlannedArtifact,
  PlannedBarrier,
  PlannedJob,
  ProjectRecord,
  ProjectStore,
  ResourceRecord,
  Store,
} from './store.ts'
export type {
  DatasourceFile,
  DescribeOutcome,
  ExecutionOutcome,
  ExecutionRequest,
  ReleasePolicy,
  TaskExecutor,
} from './task-executor.ts'
