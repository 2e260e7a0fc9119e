import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { NodeUrl } from './node-url.ts'
import { authorities, type Outbound, proxyFor } from './outbound.ts'

const CONNECT_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 30_000

/** The connections to one node, over a proxy where there is one. */
export interface Connections {
  readonly dispatcher: Dispatcher
  /** The proxy in words that hold no password; undefined without one. */
  readonly proxy: string | undefined
  /** Takes another way after a failure, when there is one that was not tried: answers whether there was. */
  fallBack(error: unknown): boolean
  close(): Promise<void>
}

/**
 * Opens connections to a node.
 *
 * Over a proxy they are tunnels (CONNECT), for http too: held requests and event streams then pass untouched. A proxy that allows no
 * tunnel to an http node is asked to forward each request instead, from the first refusal on.
 */
export function openConnections(node: NodeUrl, outbound: Outbound): Connections {
  const target = new URL(node.origin)
  const ca = authorities(outbound)
  const tls = { timeout: CONNECT_TIMEOUT_MS, ...(ca ? { ca } : {}) }
  const proxy = proxyFor(target, outbound)
  if (proxy === undefined) {
    const { lookup } = outbound
    const agent = new Agent({ connect: { ...tls, ...(lookup ? { lookup } : {}) }, keepAliveTimeout: KEEP_ALIVE_MS })
    return { dispatcher: agent, proxy: undefined, fallBack: () => false, close: () => agent.destroy() }
  }
  const agents: ProxyAgent[] = []
  const open = (proxyTunnel: boolean) => {
    const agent = new ProxyAgent({
      uri: proxy.href,
      proxyTunnel,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTls: tls,
      proxyTls: tls,
    })
    agents.push(agent)
    return agent
  }
  let current = open(true)
  return {
    get dispatcher() {
      return current
    },
    proxy: proxy.host,
    fallBack(error) {
      const refused = tunnelRefusal(error)
      if (refused === undefined || refused === 407 || target.protocol !== 'http:' || agents.length > 1) return false
      current = open(false)
      return true
    },
    close: async () => {
      await Promise.all(agents.map((agent) => agent.destroy()))
    },
  }
}

/** The status with which a proxy refused a tunnel; undici says it in words alone. */
export function tunnelRefusal(error: unknown): number | undefined {
  const match = error instanceof Error ? /Proxy response \((\d{3})\)/.exec(error.message) : null
  return match === null ? undefined : Number(match[1])
}
