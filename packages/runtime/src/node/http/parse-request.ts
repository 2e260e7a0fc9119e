import { FlottaError, issuesOf, issuesText, parseJson, type Route } from '@flotta/contract'

/**
 * The parts of a request as the contract's schemas have them.
 *
 * @throws {FlottaError} `malformed_request` with the path of each problem
 */
export function parseRequest(
  route: Route,
  parts: { readonly params: unknown; readonly query: unknown; readonly body: Uint8Array | undefined },
) {
  const body = route.body && parts.body !== undefined ? parseJson(Buffer.from(parts.body).toString('utf8')) : undefined
  return {
    params: parsePart(route.pathParams, parts.params, 'path'),
    query: parsePart(route.query, parts.query, 'query'),
    body: route.metadata.streaming === 'request-resource' ? undefined : parsePart(route.body, body, 'body'),
  }
}

function parsePart(schema: Route['body'], value: unknown, name: string): unknown {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error, name)
  throw new FlottaError('malformed_request', issuesText(issues), { issues })
}
