import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { FlottaError } from '@flotta/contract'
import type { Express } from 'express'

/** A certificate chain and its private key, as PEM text. */
export interface TlsCertificate {
  readonly certificate: string
  readonly key: string
}

/**
 * An HTTP server for an Express app whose requests and responses are born as the app's own.
 *
 * Express 5 changes the prototype of every one that is not, after which V8 treats it as a slow object: the time of a small request
 * doubles, and one that is held takes more memory. With a certificate it speaks TLS (1.2 or newer) and nothing else.
 */
export function createAppServer(app: Express, tls?: TlsCertificate): Server {
  app.set('etag', false)
  app.set('x-powered-by', false)
  app.set('query parser', 'simple')
  const options = {
    IncomingMessage: requestsOf(app),
    ServerResponse: responsesOf(app),
    headersTimeout: 10_000,
    requestTimeout: 0,
    keepAliveTimeout: 60_000,
    // Of a connection, whose other end may have lost its power.
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    maxHeaderSize: 16 * 1024,
  }
  if (tls === undefined) return createServer(options, app)
  return createTlsServer({ ...options, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, app)
}

/** A class, for V8 remembers the shape of what a derived class makes; of a function with another prototype it does not. */
function requestsOf(app: Express): typeof IncomingMessage {
  class AppRequest extends IncomingMessage {}
  app.request = Object.setPrototypeOf(AppRequest.prototype, app.request)
  return AppRequest
}

function responsesOf(app: Express): typeof ServerResponse {
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  app.response = Object.setPrototypeOf(AppResponse.prototype, app.response)
  return AppResponse
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly tls?: TlsCertificate
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process has this port. End that one, or choose another port.',
  EADDRNOTAVAIL: 'this machine has no such address. Choose one that it has, or 0.0.0.0 for all of them.',
  EACCES: 'it takes rights that this process has not. Choose a port from 1024 on.',
}

/**
 * Listens, and answers the port.
 *
 * @throws {FlottaError} `unavailable` where it may not be used, as one that another process has
 */
export function listen(server: Server, { host, port }: Pick<ListenAddress, 'host' | 'port'>): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException) => {
      const reason = reasons[cause.code ?? ''] ?? cause.message
      reject(new FlottaError('unavailable', `${host}:${port} can't be listened on: ${reason}`, { cause }))
    }
    server.once('error', refused)
    server.listen(port, host, () => {
      server.off('error', refused)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Closes a server: answers that are on their way get two seconds. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), 2000)
  await closed
  clearTimeout(force)
}
