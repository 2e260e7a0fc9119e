/**
 * The flotta engine: an aggregation node and a data holder's client, to run or to embed.
 *
 * @packageDocumentation
 */
export { type ClientOptions, createClient, type FlottaClient } from './client/create-client.ts'
export { type LeaveOptions, leaveThrough } from './client/leave-through.ts'
export { pruneStoredTables } from './data/stored-table.ts'
export { createPoolExecutor, type PoolExecutor, type PoolExecutorOptions } from './execution/pool-executor.ts'
export { createAppServer, type ListenAddress, type TlsCertificate } from './http/server.ts'
export { createNode, type FlottaNode, type NodeAdmin, type NodeOptions } from './node/create-node.ts'
export type { JoinNetworkOptions } from './node/network/join-network.ts'
export type {
  BlobStorage,
  DatasourceSource,
  ExecutionOutcome,
  ExecutionRequest,
  Logger,
  OrderIntake,
  OrderQueue,
  ReleasePolicy,
  Store,
  TaskExecutor,
} from './ports/index.ts'
export { silentLogger } from './ports/logger.ts'
export type { OfferedDatasource } from './ports/offered-datasource.ts'
export { createFileBlobStorage } from './storage/file-blob-storage.ts'
export { createWorker, type FlottaWorker, type WorkerOptions } from './worker/create-worker.ts'
