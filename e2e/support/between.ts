import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const tlsFile = (name: string) => fileURLToPath(new URL(`./tls/${name}`, import.meta.url))

/** A certificate for the loopback interface, and the authority that signed it, as files. */
export const loopbackTls = {
  authority: tlsFile('authority.pem'),
  certificate: tlsFile('server.pem'),
  key: tlsFile('server.key'),
} as const

/** Something that stands between a component and its node. */
export interface Between extends AsyncDisposable {
  readonly port: number
  /** What it was asked for, in order. */
  readonly seen: readonly string[]
}

/** A reverse proxy that ends TLS and takes its path prefix away, as hospitals put it before their services. */
export async function tlsReverseProxy(targetPort: number, prefix: string): Promise<Between> {
  const seen: string[] = []
  const tls = { cert: readFileSync(loopbackTls.certificate), key: readFileSync(loopbackTls.key) }
  const server = createTlsServer(tls, (incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    if (incoming.url?.startsWith(`${prefix}/`)) forward(incoming, outgoing, targetPort, incoming.url.slice(prefix.length))
    else outgoing.writeHead(301, { location: prefix }).end()
  })
  return between(server, seen)
}

/** A reverse proxy that does with each answer of the node what it is told to. */
export async function answeringProxy(
  targetPort: number,
  passOn: (answer: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<Between> {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    forward(incoming, outgoing, targetPort, incoming.url ?? '/', passOn)
  })
  return between(server, seen)
}

/** Something on the way that answers some requests itself, with a page of its own, and passes the others on. */
export async function meddlingProxy(targetPort: number, statusFor: (message: string) => number | undefined): Promise<Between> {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    const message = `${incoming.method} ${incoming.url}`
    seen.push(message)
    const status = statusFor(message)
    if (status === undefined) return forward(incoming, outgoing, targetPort, incoming.url ?? '/')
    incoming.resume().once('end', () => outgoing.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'))
  })
  return between(server, seen)
}

export interface ForwardProxyOptions {
  /** `user:password` without which it serves nobody. */
  readonly credentials?: string
  /** Whether it opens tunnels; without, it only forwards requests. */
  readonly tunnels?: boolean
}

/** A proxy on the way out, as companies have them: it opens tunnels where it may, and forwards requests to http targets. */
export async function forwardProxy({ credentials, tunnels = true }: ForwardProxyOptions = {}): Promise<Between> {
  const seen: string[] = []
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const admits = ({ headers }: IncomingMessage) => wanted === undefined || headers['proxy-authorization'] === wanted
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    const target = URL.canParse(incoming.url ?? '') ? new URL(incoming.url!) : undefined
    if (!admits(incoming)) outgoing.writeHead(407).end()
    else if (target === undefined) outgoing.writeHead(400).end()
    else forward(incoming, outgoing, Number(target.port), target.pathname + target.search)
  })
  server.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    seen.push(`CONNECT ${incoming.url}`)
    socket.on('error', () => undefined)
    if (!admits(incoming) || !tunnels) {
      socket.end(`HTTP/1.1 ${tunnels ? '407 Proxy Authentication Required' : '403 Forbidden'}\r\n\r\n`)
      return
    }
    const target = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.write(head)
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
    socket.on('close', () => target.destroy())
  })
  return between(server, seen)
}

function passUntouched(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
  answer.pipe(outgoing)
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  path: string,
  passOn: typeof passUntouched = passUntouched,
): void {
  const { 'proxy-authorization': _ours, ...headers } = incoming.headers
  const onward = request({ host: '127.0.0.1', port, path, method: incoming.method, headers, agent: false }, (answer) =>
    passOn(answer, outgoing),
  )
  onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()))
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
}

async function between(server: Server, seen: readonly string[]): Promise<Between> {
  // Who asks closes what is idle: where both do, a busy machine asks on a connection as it is closed.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
