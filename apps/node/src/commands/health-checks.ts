import { get } from 'node:http'
import { get as getByTls } from 'node:https'
import { type Check, clientHealthChecks, exitCodes } from '@flotta/client/cli'
import type { Config } from '@flotta/config'
import { FlottaError, parseJson, problemSchema, routes } from '@flotta/contract'

const TIMEOUT_MS = 5_000

/** Who listens on every interface is asked on one. */
const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** How the component of a configuration is: a node is asked on its port of this machine, a client leaves reports. */
export function healthChecks(config: Config, ready: boolean): Check[] {
  if (config.mode === 'client') return clientHealthChecks(config, ready)
  const exitCode = exitCodes.unavailable
  const alive = { name: 'process', exitCode, run: () => ask(config, routes.public.health.path, 'it lives') }
  return ready
    ? [alive, { name: 'needs', exitCode, run: () => ask(config, routes.public.ready.path, 'all that it needs is well') }]
    : [alive]
}

/**
 * Asks the node on this machine. Its certificate, where it has one, is for its outer name and is not looked at: nothing is told
 * and nothing believed but whether it answers.
 */
function ask({ node }: Config, path: string, well: string): Promise<string> {
  const host = loopbackOf[node.interface] ?? node.interface
  const target = { host, port: node.port, path, timeout: TIMEOUT_MS }
  return new Promise((resolve, reject) => {
    const fail = (detail: string) => reject(new FlottaError('unavailable', detail))
    const request = node.tls ? getByTls({ ...target, rejectUnauthorized: false }) : get(target)
    request.once('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    request.once('error', (error) => fail(`${host}:${node.port} does not answer: ${error.message}`))
    request.once('response', async (response) => {
      const body = Buffer.concat(await response.toArray()).toString('utf8')
      if (response.statusCode === 200) resolve(well)
      else fail(problemSchema.safeParse(parseJson(body)).data?.detail ?? `it answers with status ${response.statusCode}`)
    })
  })
}
