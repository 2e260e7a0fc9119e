import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Express } from 'express'

/**
 * An HTTP server for an Express app whose requests are born with the app's own prototypes.
 *
 * Express 5 changes the prototype of every request and response, after which V8 treats them as slow objects; giving the server
 * constructors with these prototypes halves the time of a small request.
 */
export function createAppServer(app: Express): Server {
  app.set('etag', false)
  app.set('x-powered-by', false)
  app.set('query parser', 'simple')
  return createServer(
    {
      IncomingMessage: withPrototype(IncomingMessage, app.request),
      ServerResponse: withPrototype(ServerResponse, app.response),
      headersTimeout: 10_000,
      requestTimeout: 0,
      keepAliveTimeout: 60_000,
      maxHeaderSize: 16 * 1024,
    },
    app,
  )
}

/** A constructor that makes what `Base` makes, but with another prototype from the start. */
function withPrototype<Base extends typeof IncomingMessage | typeof ServerResponse>(base: Base, prototype: object): Base {
  function Construct(this: object, ...parts: unknown[]) {
    ;(base as unknown as (this: object, ...parts: unknown[]) => void).apply(this, parts)
  }
  Construct.prototype = prototype
  return Construct as unknown as Base
}
