import { FlottaError } from '@flotta/contract'
import { tunnelRefusal } from './dispatcher.ts'
import type { NodeUrl } from './node-url.ts'

const UNKNOWN_AUTHORITY =
  'its certificate is not signed by an authority that this machine trusts: put that authority into exchange.ca or NODE_EXTRA_CA_CERTS'

/** What the common failures of a connection mean, by the code of Node or OpenSSL. */
const meanings: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known to the DNS of this machine',
  EAI_AGAIN: 'the DNS of this machine does not answer',
  ECONNREFUSED: 'nothing listens there',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 10 s; a firewall may be between',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; is the URL http?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; is the URL http?',
  EPROTO: 'TLS failed; is the URL http?',
}

/** A failed connection as an error that says which address gave no answer, how it failed, and over which proxy; it holds no password. */
export function unreachable(node: NodeUrl, error: unknown, proxy?: string): FlottaError {
  const over = proxy === undefined ? '' : ` over the proxy ${proxy}`
  return new FlottaError(
    'unavailable',
    `No answer from the node at ${node.text}${over}${howItFailed(error)}. Check the address, that the node is running, and the network between.`,
    { cause: error },
  )
}

function howItFailed(error: unknown): string {
  const refused = tunnelRefusal(error)
  if (refused === 407) return ' (407: the proxy wants a user and a password, which belong into its URL)'
  if (refused !== undefined) return ` (${refused}: the proxy allows no tunnel there)`
  const { code } = (error ?? {}) as { code?: unknown }
  if (typeof code !== 'string') return ''
  const meaning = meanings[code]
  return meaning === undefined ? ` (${code})` : ` (${code}: ${meaning})`
}
