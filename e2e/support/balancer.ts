import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Balancer extends AsyncDisposable {
  readonly port: number
}

/** Passes each connection on to the first of the ports that answers, as a balancer does before the processes of one node. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    sockets.add(incoming)
    incoming.on('error', () => undefined).on('close', () => sockets.delete(incoming))
    const pass = ([port, ...others]: readonly number[]) => {
      if (port === undefined) return void incoming.destroy()
      const outgoing = connect(port, '127.0.0.1')
      let connected = false
      incoming.once('close', () => outgoing.destroy())
      outgoing.once('connect', () => {
        connected = true
        incoming.pipe(outgoing).pipe(incoming)
      })
      outgoing.on('error', () => (connected ? incoming.destroy() : pass(others)))
      outgoing.on('close', () => connected && incoming.destroy())
    }
    pass(ports)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
