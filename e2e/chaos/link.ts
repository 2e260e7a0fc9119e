import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'

/** The last requests of a link that can be sent again, and how large one may be. */
const KEPT_REQUESTS = 40
const KEPT_BYTES = 256 * 1024
/** How long the answer to a request that is sent again is waited for. */
const REPEAT_MS = 1000

/** A way to the node that passes bytes on, and on which things go wrong. */
export class Link implements AsyncDisposable {
  /** How much later bytes arrive. */
  delayMs = 0
  /** Whether new connections end at once. */
  refusing = false
  /** Whether what the node answers is lost. */
  mute = false
  /** Whether a connection ends in the middle of what is said on it next. */
  breaking = false
  readonly #targetPort: number
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #requests: Buffer[] = []

  private constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#server = createServer((socket) => this.#accept(socket))
  }

  static async to(targetPort: number): Promise<Link> {
    const link = new Link(targetPort)
    await new Promise<void>((resolve) => link.#server.listen(0, '127.0.0.1', resolve))
    return link
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends all connections. */
  cut(): void {
    for (const connection of [...this.#connections]) connection.end()
  }

  /** Sends the last requests again, whatever became of them, and drops what the node answers. */
  async repeat(count: number): Promise<void> {
    await Promise.all(this.#requests.slice(-count).map((request) => this.#send(request)))
  }

  #send(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.#targetPort, '127.0.0.1', () => socket.write(request))
      socket.setTimeout(REPEAT_MS, () => socket.destroy())
      socket.on('data', () => undefined)
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
    })
  }

  #accept(socket: Socket): void {
    if (this.refusing) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, connect(this.#targetPort, '127.0.0.1'), this, (request) => {
      this.#requests.push(request)
      if (this.#requests.length > KEPT_REQUESTS) this.#requests.shift()
    })
    this.#connections.add(connection)
    void connection.ended.then(() => this.#connections.delete(connection))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** One connection through a link. On it a request is what the caller says until the node answers. */
class Connection {
  readonly ended: Promise<void>
  readonly #ends: readonly Socket[]

  constructor(caller: Socket, node: Socket, link: Link, onRequest: (request: Buffer) => void) {
    this.#ends = [caller, node]
    let request: Buffer[] = []
    pass(caller, node, link, (chunk) => {
      request.push(chunk)
      return true
    })
    pass(node, caller, link, () => {
      const said = Buffer.concat(request)
      request = []
      if (said.length > 0 && said.length <= KEPT_BYTES) onRequest(said)
      return !link.mute
    })
    this.ended = new Promise((resolve) => {
      for (const end of this.#ends) {
        end.on('error', () => undefined)
        end.on('close', () => {
          this.end()
          resolve()
        })
      }
    })
  }

  end(): void {
    for (const end of this.#ends) end.destroy()
  }
}

/** Nothing is under way. */
const idle = Promise.resolve()

/** Passes on what `admit` lets through, in order, as much later as the link says. */
function pass(from: Socket, to: Socket, link: Link, admit: (chunk: Buffer) => boolean): void {
  let before: Promise<unknown> = idle
  from.on('data', (chunk: Buffer) => {
    if (!admit(chunk)) return
    if (link.breaking) {
      to.end(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => from.destroy())
      return
    }
    if (link.delayMs === 0 && before === idle) {
      to.write(chunk)
      return
    }
    const { delayMs } = link
    const passed: Promise<unknown> = before
      .then(() => after(delayMs))
      .then(() => to.write(chunk))
      .finally(() => {
        if (before === passed) before = idle
      })
    before = passed
  })
}
