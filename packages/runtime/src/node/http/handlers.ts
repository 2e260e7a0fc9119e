import type { Readable } from 'node:stream'
import {
  openApiDocument,
  PROTOCOL_VERSION,
  type Route,
  type RouteRequest,
  type RouteResponse,
  type routes,
} from '@flotta/contract'
import type { NodeContext } from '../node-context.ts'
import type { Principal } from '../principal.ts'
import {
  listArtifacts,
  listComponents,
  listDatasources,
  listJobs,
  listProjects,
  listResources,
  showArtifact,
  showComponent,
  showDatasource,
  showJob,
  showProject,
  showResource,
} from '../services/admin/lists.ts'
import { createProject, rotateToken, setComponentState, setProjectState } from '../services/admin/orders.ts'
import { nodeStatus, readiness } from '../services/admin/status.ts'
import { cancelArtifact, cancelById, followArtifact, submit, viewArtifact } from '../services/artifacts.ts'
import { publish } from '../services/datasources.ts'
import { enrol, join, leave } from '../services/membership.ts'
import { networkChanges, otherNodes } from '../services/network.ts'
import { preflight } from '../services/preflight.ts'
import { openProject, viewProject } from '../services/projects.ts'
import { downloadResource, uploadResource } from '../services/resources.ts'
import { completeJob, failJob, LINGER_MS, nextTask, renewLease, taskSoon } from '../services/tasks.ts'
import type { RelayedAnswer } from './answer.ts'
import type { SignedTarget } from './signed-target.ts'

/** A request as a handler gets it: authenticated, opened and parsed. */
export interface Incoming<R extends Route> extends RouteRequest<R> {
  readonly principal: Principal
  /** The sealed bytes of a resource route, not read yet. */
  readonly upload: { readonly stream: Readable; readonly digest: string }
  /** What was asked for, as it was signed: below the relay where it is passed on. */
  readonly target: SignedTarget
  /** Where a broken event stream is taken up again, as the standard's header says; 0: from the beginning. */
  readonly lastEventId: number
  /** Aborts when the caller hangs up. */
  readonly signal: AbortSignal
}

/** What answers a route, by what travels as a stream. */
interface StreamedAnswers {
  readonly 'response-resource': { readonly stream: Readable; readonly digest: string; readonly bytes: number }
  readonly 'response-events': AsyncIterable<{ readonly sequence: number } | null>
  readonly relayed: RelayedAnswer
}

/** What answers a route; a stream where the route answers with one. */
export type Handler<R extends Route> = (
  request: Incoming<R>,
) => Promise<
  R['metadata']['streaming'] extends keyof StreamedAnswers ? StreamedAnswers[R['metadata']['streaming']] : RouteResponse<R>
>

type Routing = typeof routes
type ToPassOn = Pick<Incoming<Routing['relay']['get']>, 'params' | 'target' | 'upload' | 'signal'>
export type Handlers = {
  readonly [A in keyof Routing]: {
    readonly [N in keyof Routing[A]]: Routing[A][N] extends Route ? Handler<Routing[A][N]> : never
  }
}

/** The table of handlers, row by row beside the contract's table of routes; a missing row does not compile. */
export function createHandlers(context: NodeContext): Handlers {
  const openapi = openApiDocument() as Record<string, unknown>
  const passOn = ({ params, target, upload, signal }: ToPassOn) =>
    context.relay.passOn(context, params.nodeId, { ...target, body: upload.stream, signal })
  return {
    public: {
      key: async () => ({ name: context.name, mode: context.mode, protocol: PROTOCOL_VERSION, key: context.key }),
      health: async () => ({ status: 'ok' }),
      ready: () => readiness(context),
      openapi: async () => openapi,
    },
    node: {
      join: ({ principal, body }) => join(context, principal, body),
      leave: async ({ principal }) => {
        await leave(context, principal)
        return { accepted: true }
      },
      changes: ({ body, signal }) => networkChanges(context, body, signal),
    },
    client: {
      publish: ({ principal, body }) => publish(context, principal, body),
    },
    relay: { get: passOn, put: passOn, post: passOn },
    task: {
      next: ({ principal, body, signal }) =>
        nextTask(context, principal, { waitMs: body.waitS * 1000, nodes: body.nodes }, signal),
      renew: async ({ principal, params, body }) => ({
        leaseMs: await renewLease(context, principal.id, params.jobId, body.epoch),
        nodes: await otherNodes(context, body.nodes),
      }),
      complete: async ({ principal, params, body, signal }) => {
        const { product, next, ...completion } = body
        const content = product === undefined ? null : Buffer.from(product, 'base64')
        await completeJob(context, principal.id, params.jobId, { ...completion, content, stop: false })
        return { accepted: true, task: next === true ? await taskSoon(context, principal.id, LINGER_MS, signal) : null }
      },
      fail: async ({ principal, params, body }) => {
        await failJob(context, principal.id, params.jobId, body.epoch, body.failure)
        return { accepted: true }
      },
    },
    resource: {
      upload: ({ principal, params, upload }) => uploadResource(context, principal, params.resourceId, upload),
      download: ({ principal, params }) => downloadResource(context, principal, params.resourceId),
    },
    workbench: {
      open: ({ principal, body }) => openProject(context, principal, body.proof),
      project: ({ principal, params }) => viewProject(context, principal, params.projectId),
      preflight: ({ principal, params, body }) => preflight(context, principal, params.projectId, body.artifact),
      submit: ({ principal, params, body }) => submit(context, principal, params.projectId, body),
      artifact: ({ principal, params }) => viewArtifact(context, principal, params.artifactId),
      cancel: ({ principal, params }) => cancelArtifact(context, principal, params.artifactId),
      events: async ({ principal, params, query, lastEventId, signal }) =>
        followArtifact(context, principal, params.artifactId, query.after ?? lastEventId, signal),
    },
    admin: {
      status: () => nodeStatus(context),
      components: ({ query }) => listComponents(context, query),
      component: ({ params }) => showComponent(context, params.componentId),
      setComponentState: ({ params, body }) => setComponentState(context, params.componentId, body.state),
      enrol: async ({ body }) => {
        await enrol(context, body)
        return { accepted: true }
      },
      projects: ({ query }) => listProjects(context, query),
      project: ({ params }) => showProject(context, params.projectId),
      createProject: ({ body }) => createProject(context, body),
      rotateToken: ({ params, body }) => rotateToken(context, params.projectId, body.token),
      setProjectState: ({ params, body }) => setProjectState(context, params.projectId, body.state),
      datasources: ({ query }) => listDatasources(context, query),
      datasource: ({ params }) => showDatasource(context, params.datasourceId),
      artifacts: ({ query }) => listArtifacts(context, query),
      artifact: ({ params }) => showArtifact(context, params.artifactId),
      cancelArtifact: ({ params }) => cancelById(context, params.artifactId),
      jobs: ({ query }) => listJobs(context, query),
      job: ({ params }) => showJob(context, params.jobId),
      resources: ({ query }) => listResources(context, query),
      resource: ({ params }) => showResource(context, params.resourceId),
    },
  }
}
