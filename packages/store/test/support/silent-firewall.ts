import { connect, createServer, type Server, type Socket } from 'node:net'

interface Connection {
  readonly ends: readonly [Socket, Socket]
  forgotten: boolean
}

/** Stands before a server, and forgets connections as firewalls do: neither end hears of it, and nothing passes any more. */
export class SilentFirewall implements AsyncDisposable {
  readonly #server: Server
  readonly #connections = new Set<Connection>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async before({ port }: { readonly port: number }): Promise<SilentFirewall> {
    const server = createServer()
    const firewall = new SilentFirewall(server)
    server.on('connection', (client) => firewall.#pass(client, connect(port, '127.0.0.1')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return firewall
  }

  get port(): number {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the firewall does not listen')
    return address.port
  }

  /** From now on nothing passes on the connections that there are; new ones are as before. */
  forgetConnections(): void {
    for (const connection of this.#connections) connection.forgotten = true
  }

  #pass(client: Socket, server: Socket): void {
    const connection: Connection = { ends: [client, server], forgotten: false }
    this.#connections.add(connection)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (!connection.forgotten) to.write(bytes)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        if (!connection.forgotten) to.destroy()
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { ends } of this.#connections) for (const end of ends) end.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
