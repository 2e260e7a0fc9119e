import { lookup } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { connect as connectTcp, isIP } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { authorities, type ConnectedNode, connectNode, proxyFor } from '@flotta/client-sdk/transport'
import type { Config } from '@flotta/config'
import { FlottaError, isFlottaError, PROTOCOL_VERSION, proofPurposes, routes } from '@flotta/contract'
import { generateIdentity, openIdentity, proveToken } from '@flotta/crypto'
import { exitCodes } from '../exit-codes.ts'
import { outboundOf } from '../outbound.ts'
import { askProxy } from './ask-proxy.ts'
import type { Check } from './check.ts'

const TIMEOUT_MS = 10_000

/** The way to the node, step by step, so that the first that fails is the one that is wrong. */
export function networkChecks(config: Config): Check[] {
  const target = new URL(config.join.url)
  const outbound = outboundOf(config)
  const proxy = proxyFor(target, outbound)
  const next = proxy ?? target
  const host = next.hostname.replace(/^\[|\]$/g, '')
  const port = Number(next.port || (next.protocol === 'https:' ? 443 : 80))
  return [
    {
      name: 'dns',
      exitCode: exitCodes.unavailable,
      skip: isIP(host) === 0 ? undefined : `${host} is an address`,
      run: () =>
        lookup(host).then(
          ({ address }) => `${host} is ${address}`,
          (error: NodeJS.ErrnoException) => {
            throw new Error(`${host} is not known to the DNS of this machine (${error.code}); check the URL, or the resolver`)
          },
        ),
    },
    { name: 'tcp', exitCode: exitCodes.unavailable, run: () => reach(host, port) },
    {
      name: 'proxy',
      exitCode: exitCodes.unavailable,
      skip: proxy ? undefined : 'none is configured, or NO_PROXY names the node',
      run: () => askProxy(proxy!, target),
    },
    {
      name: 'tls',
      exitCode: exitCodes.unavailable,
      skip: target.protocol !== 'https:' ? 'the URL is http' : proxy ? 'it passes through the proxy' : undefined,
      run: () => handshake(host, port, authorities(outbound)),
    },
    ...nodeChecks(config),
  ]
}

/** Who answers there, and whether it lets this component in. */
function nodeChecks(config: Config): Check[] {
  const { url, fingerprint } = config.join
  const folder = join(config.workdir, 'keys')
  const knownNodesFile = join(config.workdir, 'known-nodes.json')
  const hasKey = existsSync(join(folder, 'component.key'))
  const connect = (): Promise<ConnectedNode> =>
    connectNode({
      url,
      identity: hasKey ? openIdentity(folder, { signingKeyFile: config.exchange.signingKeyFile }) : generateIdentity(),
      fingerprint,
      // The node that the client has pinned, if it has been here before.
      ...(existsSync(knownNodesFile) ? { knownNodesFile } : {}),
      outbound: outboundOf(config),
    })
  let admission: Promise<string> | undefined
  const joined = () => {
    admission ??= joinOnce(config, connect)
    return admission
  }
  const skip = hasKey ? undefined : 'there is no key yet: it is made at the first start'
  return [
    {
      name: 'node',
      exitCode: exitCodes.denied,
      run: async () => {
        const { node, close } = await connect()
        await close()
        return `${node.name} answers, in mode ${node.mode}`
      },
    },
    {
      name: 'version',
      exitCode: exitCodes.conflict,
      run: async () => {
        const { node, close } = await connect()
        await close()
        if (node.protocol !== PROTOCOL_VERSION)
          throw new Error(`the node speaks protocol ${node.protocol}, this component ${PROTOCOL_VERSION}; update the older one`)
        return `both speak protocol ${node.protocol}`
      },
    },
    {
      name: 'clock',
      exitCode: exitCodes.denied,
      skip,
      run: async () => {
        await joined().catch((error: unknown) => {
          if (isFlottaError(error, 'clock_skew')) throw error
        })
        return 'it agrees with that of the node'
      },
    },
    { name: 'admission', exitCode: exitCodes.denied, skip, run: joined },
  ]
}

/** Asks to be let in, as every start does; again is the same as once. */
async function joinOnce(config: Config, connect: () => Promise<ConnectedNode>): Promise<string> {
  const { connection, close } = await connect()
  try {
    const { signingKeyFile } = config.exchange
    const { id } = openIdentity(join(config.workdir, 'keys'), { signingKeyFile })
    const context = { prover: id, verifier: connection.nodeKey.id, purpose: proofPurposes.join }
    const tokens = new Set(config.datasources.flatMap((datasource) => datasource.tokens.map((token) => token.reveal())))
    const proofs = [...tokens].map((token) => proveToken(token, context))
    await connection.call(routes.node.join, { body: { kind: 'client', name: config.node.name, proofs } }, { introduce: true })
    return 'the node lets this client in'
  } finally {
    await close()
  }
}

function reach(host: string, port: number): Promise<string> {
  return settled(
    connectTcp({ host, port, timeout: TIMEOUT_MS }),
    'connect',
    () => `${host}:${port} accepts connections`,
    `${host}:${port}`,
  )
}

function handshake(host: string, port: number, ca: string[] | undefined): Promise<string> {
  const socket = connectTls({
    host,
    port,
    timeout: TIMEOUT_MS,
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca ? { ca } : {}),
  })
  return settled(
    socket,
    'secureConnect',
    () => `${socket.getProtocol()}, and the certificate is trusted`,
    `TLS with ${host}:${port}`,
  )
}

const remedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: check host and port of join.url, and that the node runs',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: is the URL http?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: is the URL http?',
  EPROTO: 'it does not speak TLS: is the URL http?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its authority is not trusted here: put it into exchange.ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not trusted here: put it into exchange.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not trusted here: put it into exchange.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not trusted here: put it into exchange.ca',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: check the clock of this machine',
  CERT_HAS_EXPIRED: 'its certificate has expired: its operator has to renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: use the name of the certificate in join.url',
}

function settled(socket: ReturnType<typeof connectTcp>, event: string, words: () => string, what: string): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const fail = (code: string) =>
      reject(new FlottaError('unavailable', `${what} failed (${code}): ${remedies[code] ?? 'check the network between'}`))
    socket.once(event, () => resolve(words()))
    socket.once('timeout', () => fail(`no answer in ${TIMEOUT_MS / 1000} s; a firewall may be between`))
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
  }).finally(() => socket.destroy())
}
