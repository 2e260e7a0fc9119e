/** Where a node is: its origin, and the prefix that a proxy in front of it may have. */
export interface NodeUrl {
  readonly origin: string
  /** Empty, or starting and not ending with a slash. */
  readonly prefix: string
  readonly text: string
}

/**
 * Reads the address of a node.
 *
 * @throws {TypeError} when it is not an http or https URL, or has user, query or fragment
 */
export function parseNodeUrl(value: string | URL): NodeUrl {
  const url = URL.canParse(String(value)) ? new URL(value) : undefined
  if (
    url === undefined ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    throw new TypeError(`"${value}" is not the URL of a node; expected for example http://node.example.org:1456`)
  }
  const prefix = url.pathname.replace(/\/+$/, '')
  return { origin: url.origin, prefix, text: url.origin + prefix }
}
