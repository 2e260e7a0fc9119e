import { FlottaError, issuesOf, issuesText, parseJson, type Route, streamsBody } from '@flotta/contract'

/**
 * The parts of a request as the contract's schemas have them.
 *
 * @throws {FlottaError} `malformed_request` with the path of each problem
 */
export function parseRequest(
  route: Route,
  parts: {
    readonly params: Readonly<Record<string, string | string[]>>
    readonly query: unknown
    readonly body: Uint8Array | undefined
  },
) {
  const body = parts.body === undefined ? undefined : parseJson(textOf(parts.body))
  return {
    params: parsePart(route.pathParams, joined(parts.params), 'path'),
    query: parsePart(route.query, parts.query, 'query'),
    body: streamsBody(route) ? undefined : parsePart(route.body, body, 'body'),
  }
}

/** Without a copy of the bytes. */
function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('utf8')
}

/** Express gives what a `*name` stands for in pieces. */
function joined(params: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]))
}

function parsePart(schema: Route['body'], value: unknown, name: string): unknown {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error, name)
  throw new FlottaError('malformed_request', issuesText(issues), { issues })
}
