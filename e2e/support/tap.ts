import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

/** A moment in the way of a message: before the node has it, when it has half of it, all of it, or has answered. */
export type Moment = 'before' | 'half' | 'asked' | 'answered'

export interface TrapOptions {
  /** Whether the message goes on its way afterwards; if not, it gets no answer. @default false */
  readonly goOn?: boolean
  /** The status of a page that answers it otherwise, as proxies do; 0: the connection breaks off. @default 0 */
  readonly page?: number
}

/** Which message it is to be, by its method and path. */
export type Wanted = RegExp | ((message: string) => Promise<boolean>)

interface Trap extends Required<TrapOptions> {
  readonly moment: Moment
  readonly message: Wanted
  readonly spring: (message: string) => Promise<void>
  readonly sprung: (error?: unknown) => void
}

/** Stands between clients and their node, and can do something at a named moment of a message. */
export class Tap implements AsyncDisposable {
  readonly #server: Server
  readonly #targetPort: number
  readonly #traps = new Set<Trap>()

  private constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#server = createServer((incoming, outgoing) => {
      this.#pass(incoming, outgoing).catch(() => outgoing.destroy())
    })
  }

  static async before(targetPort: number): Promise<Tap> {
    const tap = new Tap(targetPort)
    await new Promise<void>((resolve) => tap.#server.listen(0, '127.0.0.1', resolve))
    return tap
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves when it has happened: once, at this moment of the next message that is wanted. */
  once(moment: Moment, message: Wanted, spring: (message: string) => Promise<void>, options: TrapOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const sprung = (error?: unknown) => (error === undefined ? resolve() : reject(error as Error))
      this.#traps.add({ moment, message, spring, sprung, goOn: false, page: 0, ...options })
    })
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const message = `${incoming.method} ${incoming.url}`
    const body = await buffer(incoming)
    if (await this.#springs('before', message, outgoing)) return
    const { method, url, headers } = incoming
    const onward = request({ host: '127.0.0.1', port: this.#targetPort, path: url, method, headers })
    outgoing.on('close', () => onward.destroy())
    const answered = new Promise<IncomingMessage>((resolve, reject) => onward.once('response', resolve).once('error', reject))
    answered.catch(() => undefined)
    // Where nobody listens, what is written is never told to be so.
    const sent = (send: (done: () => void) => void) => Promise.race([answered, new Promise<void>(send)])
    const half = Math.ceil(body.length / 2)
    await sent((done) => onward.write(body.subarray(0, half), () => done()))
    if (await this.#springs('half', message, outgoing)) return
    await sent((done) => onward.end(body.subarray(half), done))
    if (await this.#springs('asked', message, outgoing)) return
    const answer = await answered
    if (!(await this.#waitsFor('answered', message))) {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      return pipeline(answer, outgoing)
    }
    const content = await buffer(answer)
    if (await this.#springs('answered', message, outgoing)) return
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(content)
  }

  async #waitsFor(moment: Moment, message: string): Promise<boolean> {
    for (const trap of this.#traps) if (trap.moment === moment && (await isWanted(trap, message))) return true
    return false
  }

  /** Whether the message ends here, as it then has. */
  async #springs(moment: Moment, message: string, outgoing: ServerResponse): Promise<boolean> {
    for (const trap of this.#traps) {
      if (trap.moment !== moment || !(await isWanted(trap, message)) || !this.#traps.delete(trap)) continue
      await trap.spring(message).then(() => trap.sprung(), trap.sprung)
      if (trap.goOn) return false
      if (trap.page === 0) outgoing.destroy()
      else outgoing.writeHead(trap.page, { 'content-type': 'text/html' }).end('<h1>something between</h1>')
      return true
    }
    return false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

async function isWanted({ message: wanted }: Trap, message: string): Promise<boolean> {
  return wanted instanceof RegExp ? wanted.test(message) : wanted(message)
}
