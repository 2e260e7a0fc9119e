import type { z } from 'zod'
import type { ErrorCode } from '../errors/codes.ts'

/** Who may speak on a route. `anonymous` needs no signature; `applicant` signs with a key that the node does not know yet. */
export type Role = 'anonymous' | 'applicant' | 'workbench' | 'client' | 'node' | 'operator'

/** Which relation to the named thing is needed besides the role; what one may not see does not exist for him. */
export type Ownership = 'none' | 'self' | 'project-member' | 'artifact-owner' | 'lease-holder' | 'producer' | 'recipient'

/**
 * What travels as a stream instead of as sealed JSON. `response-held` is sealed JSON that is worth waiting for: an answer that takes long begins
 * before it is known. `relayed` is what another node reads and answers, both as they are.
 */
export type Streaming = 'none' | 'request-resource' | 'response-resource' | 'response-events' | 'response-held' | 'relayed'

export interface RouteMetadata {
  readonly access: { readonly roles: readonly Role[]; readonly ownership: Ownership }
  readonly streaming: Streaming
  readonly errors: readonly ErrorCode[]
}

/** One row of the table of routes; the shape is that of a ts-rest route, so `@flotta/contract/ts-rest` can wrap it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** With `:name` for a part, and `*name` at the end for all that follows. */
  readonly path: `/${string}`
  readonly summary: string
  readonly pathParams?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly responses: Readonly<Record<number, z.ZodType>>
  readonly metadata: RouteMetadata
}

export type Routes = Readonly<Record<string, Route>>

type Output<T> = T extends z.ZodType ? z.output<T> : undefined
type Input<T> = T extends z.ZodType ? z.input<T> : undefined

/** The parts of a request to a route, as the one who answers it gets them: parsed, with defaults filled in. */
export interface RouteRequest<R extends Route> {
  readonly params: Output<R['pathParams']>
  readonly query: Output<R['query']>
  readonly body: Output<R['body']>
}

/** The parts of a request to a route, as the one who makes it writes them. */
export interface RouteCall<R extends Route> {
  readonly params: Input<R['pathParams']>
  readonly query: Input<R['query']>
  readonly body: Input<R['body']>
}

/** The answer of a route in case of success: the schema of its only status below 300. */
export type RouteResponse<R extends Route> = {
  [S in keyof R['responses']]: S extends 200 | 201 ? Output<R['responses'][S]> : never
}[keyof R['responses']]

/** Whether the body of a request is handed on unread, instead of being opened and parsed. */
export function streamsBody({ metadata: { streaming } }: Route): boolean {
  return streaming === 'request-resource' || streaming === 'relayed'
}

/** The success status of a route. */
export function successStatus({ responses }: Route): number {
  for (const status in responses) if (Number(status) < 300) return Number(status)
  return 200
}
