import { createServer } from 'node:net'

/** The first free port from a given one on. */
export async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + 1000; port++) if (await isFree(port)) return port
  throw new Error(`no port from ${from} to ${from + 999} is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
