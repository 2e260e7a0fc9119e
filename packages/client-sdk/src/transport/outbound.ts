import { readFileSync } from 'node:fs'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { FlottaError } from '@flotta/contract'

/** How this machine reaches others: everything is optional, and what is not told is taken from the environment. */
export interface Outbound {
  /** URL of a proxy for every node, or `none`: the environment's proxies are not used either. */
  readonly proxy?: string | undefined
  /** Certificate authorities that are trusted besides the usual ones, as PEM text. */
  readonly ca?: string | undefined
  /** How names of nodes are resolved, where no proxy does it; the machine's own way unless told. It is asked for each new connection. */
  readonly lookup?: LookupFunction | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy between this machine and a target: the one that was told, else `HTTPS_PROXY` or `HTTP_PROXY` by the target's protocol,
 * else `ALL_PROXY`, each in either case. What `NO_PROXY` names is reached directly, whoever told the proxy.
 *
 * @throws {FlottaError} `unavailable` when the proxy's URL can not be read; the message does not repeat it, since it may hold a password
 */
export function proxyFor(target: URL, { proxy }: Outbound, env: Environment = process.env): URL | undefined {
  if (proxy === 'none' || bypasses(target, variable(env, 'no_proxy'))) return undefined
  const told = proxy || variable(env, `${target.protocol.slice(0, -1)}_proxy`) || variable(env, 'all_proxy')
  if (told === '') return undefined
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(told) ? told : `http://${told}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new FlottaError(
      'unavailable',
      'The proxy (exchange.proxy, HTTPS_PROXY or HTTP_PROXY) is not an http or https URL; expected for example http://proxy.example.org:3128.',
    )
  }
  return url
}

function variable(env: Environment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim()
}

/** Whether `NO_PROXY` names a target: `*`, a host, a domain with everything below it, an address or a network, each with a port or without. */
function bypasses(target: URL, noProxy: string): boolean {
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(target.hostname.replace(/^\[|\]$/g, '').toLowerCase(), port, entry.toLowerCase()))
}

function matches(host: string, port: string, entry: string): boolean {
  if (entry === '*') return true
  const [, name = entry, entryPort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? []
  if (entryPort !== undefined && entryPort !== port) return false
  const plain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
  if (isIP(host) !== 0) return plain === host || inNetwork(host, plain)
  return host === plain || host.endsWith(`.${plain}`)
}

function inNetwork(address: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/')
  const family = isIP(base)
  if (family === 0 || family !== isIP(address) || !/^\d{1,3}$/.test(bits)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  try {
    list.addSubnet(base, Number(bits), type)
  } catch {
    return false
  }
  return list.check(address, type)
}

/**
 * The authorities to trust when there are own ones: the usual ones, those of `NODE_EXTRA_CA_CERTS` (which Node would leave out as
 * soon as others are named), and these. Undefined without own ones: then Node decides.
 */
export function authorities({ ca }: Outbound, env: Environment = process.env): string[] | undefined {
  if (ca === undefined) return undefined
  const extra = env.NODE_EXTRA_CA_CERTS ? [readFileSync(env.NODE_EXTRA_CA_CERTS, 'utf8')] : []
  return [...rootCertificates, ...extra, ca]
}
