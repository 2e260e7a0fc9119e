import type { Secret } from '../secret.ts'
import type { DatabaseConfig } from './database-config.ts'
import type { DatasourceConfig } from './datasource-config.ts'

/** A configuration that is complete and free of contradictions; paths are absolute. */
export interface Config {
  readonly mode: 'node' | 'client' | 'standalone'
  readonly workdir: string
  readonly node: {
    readonly name: string
    readonly healthcheckS: number
    readonly heartbeatS: number
    readonly leaseS: number
    readonly maxAttempts: number
    readonly allowResourceDownload: boolean
    readonly interface: string
    /** How others reach it: a URL, or empty where it has to be derived. */
    readonly url: string
    readonly port: number
    /** The certificate and its key where the port speaks https. */
    readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined
    readonly admission: 'project-token' | 'enrolment-token' | 'approval'
    readonly initialProjects: readonly { readonly name: string; readonly token: Secret }[]
  }
  /** Where a client answers to its owner; undefined: it opens no port. */
  readonly maintenance: { readonly interface: string; readonly port: number } | undefined
  readonly join: {
    readonly first: boolean
    readonly url: string
    readonly fingerprint: string | undefined
    readonly enrolmentToken: Secret | undefined
  }
  readonly datasources: readonly DatasourceConfig[]
  readonly database: DatabaseConfig & { readonly migrate: boolean }
  readonly execution: {
    readonly workers: number
    readonly memoryMb: number
    readonly timeoutS: number
    /** The queue of an engine that has one; undefined: jobs run here. */
    readonly queue: QueueConfig | undefined
  }
  readonly policy: { readonly minimumRecords: number; readonly minimumCell: number }
  readonly storage: StorageConfig & { readonly maxResourceMb: number; readonly minimumFreeMb: number }
  readonly exchange: {
    readonly clockSkewS: number
    readonly signingKeyFile: string | undefined
    readonly proxy: Secret | undefined
    readonly caFile: string | undefined
  }
  readonly limits: { readonly maxBodyBytes: number }
  readonly logging: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'; readonly format: 'pretty' | 'json' }
  readonly metrics: { readonly enabled: boolean }
}

export interface QueueConfig {
  readonly kind: 'postgresql' | 'redis'
  /** Undefined: the node's own database. */
  readonly url: Secret | undefined
}

export type StorageConfig =
  | { readonly kind: 'file'; readonly folder: string }
  | {
      readonly kind: 's3'
      readonly endpoint: string
      readonly region: string
      readonly bucket: string
      readonly accessKeyId: Secret
      readonly secretAccessKey: Secret
      readonly prefix: string
    }
