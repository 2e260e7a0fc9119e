import { FlottaError, type Issue, parseJson, type Route } from '@flotta/contract'

interface ZodIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * The parts of a request as the contract's schemas have them.
 *
 * @throws {FlottaError} `malformed_request` with the path of each problem
 */
export function parseRequest(route: Route, parts: { readonly params: unknown; readonly query: unknown; readonly body: Uint8Array | undefined }) {
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
  const issues = parsed.error.issues.map((issue) => issueOf(issue, name))
  throw new FlottaError('malformed_request', issues.map(({ path, message }) => `${path}: ${message}`).join('; ').slice(0, 1500), { issues })
}

function issueOf({ path, message }: ZodIssue, name: string): Issue {
  const place = path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`), name)
  return { path: place.slice(0, 500), message: message.slice(0, 500) }
}
