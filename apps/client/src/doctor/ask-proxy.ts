import { request } from 'node:http'
import { request as requestTls } from 'node:https'
import { FlottaError } from '@flotta/contract'

const TIMEOUT_MS = 10_000

/**
 * Whether a proxy lets calls to a target through. One that opens no tunnel to an http target forwards its requests instead, which is
 * as good.
 *
 * @throws {FlottaError} `unavailable` with what the proxy wants; the message holds no password
 */
export async function askProxy(proxy: URL, target: URL): Promise<string> {
  const status = await tunnelStatus(proxy, target)
  if (status === 200) return `${proxy.host} lets calls through`
  if (status === 407)
    throw refused(proxy, 407, 'it wants a user and a password: put them into its URL (exchange.proxy or HTTPS_PROXY)')
  if (target.protocol === 'http:') return `${proxy.host} opens no tunnel (${status}), and may forward requests`
  throw refused(proxy, status, `it opens no tunnel: its operator has to allow ${target.host}, or NO_PROXY has to name it`)
}

function refused(proxy: URL, status: number, remedy: string): FlottaError {
  return new FlottaError('unavailable', `the proxy ${proxy.host} refuses (${status}): ${remedy}`)
}

/** What the proxy answers to a CONNECT; the tunnel is closed at once. */
function tunnelStatus(proxy: URL, target: URL): Promise<number> {
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  const path = `${target.hostname}:${port}`
  const credentials = [proxy.username, proxy.password].map(decodeURIComponent).join(':')
  const headers = {
    host: path,
    ...(proxy.username ? { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
  }
  return new Promise<number>((resolve, reject) => {
    const asking = (proxy.protocol === 'https:' ? requestTls : request)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path,
      headers,
      timeout: TIMEOUT_MS,
    })
    asking.once('connect', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode ?? 0)
    })
    asking.once('response', (response) => {
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    asking.once('timeout', () => asking.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)))
    asking.once('error', (error) =>
      reject(new FlottaError('unavailable', `the proxy ${proxy.host} does not speak as one does (${error.message})`)),
    )
    asking.end()
  })
}
