import { z } from 'zod'
import { errorCodes } from './errors/codes.ts'
import { problemSchema } from './errors/problem.ts'
import type { Json } from './json.ts'
import { mediaTypes, PROTOCOL_VERSION } from './protocol.ts'
import { routes } from './routes/index.ts'
import type { Route } from './routes/route.ts'

type JsonObject = Record<string, unknown>

/** The whole interface as an OpenAPI 3.1 document, made from the same schemas that the node enforces. */
export function openApiDocument(): Json {
  const paths: Record<string, JsonObject> = {}
  for (const [audience, group] of Object.entries(routes)) {
    for (const [name, route] of Object.entries(group) as [string, Route][]) {
      const path = route.path.replace(/[:*](\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationObject(audience, name, route) }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'flotta node',
      version: String(PROTOCOL_VERSION),
      description:
        'Except for the public routes, each request is signed (RFC 9421, Ed25519) and its body sealed (RFC 9180); the schemas describe the JSON inside the seal.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: paths as unknown as Json,
    components: {
      schemas: componentSchemas() as unknown as Json,
      securitySchemes: {
        signature: { type: 'apiKey', in: 'header', name: 'signature', description: 'HTTP Message Signature (RFC 9421).' },
      },
    },
  }
}

function componentSchemas(): JsonObject {
  const uri = (id: string) => `#/components/schemas/${id}`
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri, io: 'input', unrepresentable: 'any' })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutMarks(schema as JsonObject)]))
}

function withoutMarks(schema: JsonObject): JsonObject {
  const { $id: _id, $schema: _schema, id: _ownId, ...rest } = schema
  return rest
}

/** A named schema as a reference, any other one written out. */
function schemaObject(schema: z.ZodType): JsonObject {
  const id = z.globalRegistry.get(schema)?.id
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` }
  const written = withoutMarks(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject)
  const { $defs, ...rest } = written
  return $defs === undefined
    ? rest
    : (JSON.parse(JSON.stringify(rest).replaceAll('#/$defs/', '#/components/schemas/')) as JsonObject)
}

function operationObject(audience: string, name: string, route: Route): JsonObject {
  const anonymous = route.metadata.access.roles[0] === 'anonymous'
  return {
    operationId: `${audience}_${name}`,
    tags: [audience],
    summary: route.summary,
    security: anonymous ? [] : [{ signature: [] }],
    'x-access': route.metadata.access,
    parameters: [...parameters(route.pathParams, 'path'), ...parameters(route.query, 'query')],
    ...(route.body
      ? { requestBody: { required: true, content: { [requestMediaType(route)]: { schema: schemaObject(route.body) } } } }
      : {}),
    responses: { ...successResponses(route, anonymous), ...errorResponses(route, anonymous) },
  }
}

function requestMediaType(route: Route): string {
  if (route.metadata.streaming === 'relayed') return '*/*'
  return route.metadata.streaming === 'request-resource' ? mediaTypes.resource : mediaTypes.sealed
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): JsonObject[] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, part]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: schemaObject(part),
  }))
}

function successResponses(route: Route, anonymous: boolean): JsonObject {
  const media = {
    none: [anonymous ? 'application/json' : mediaTypes.sealed],
    'request-resource': [mediaTypes.sealed],
    'response-resource': [mediaTypes.resource],
    'response-events': [mediaTypes.events],
    'response-held': [mediaTypes.sealed, mediaTypes.held],
    relayed: ['*/*'],
  }[route.metadata.streaming]
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => [
      status,
      {
        description: route.summary,
        content: Object.fromEntries(media.map((type) => [type, { schema: schemaObject(schema) }])),
      },
    ]),
  )
}

function errorResponses(route: Route, anonymous: boolean): JsonObject {
  const codes = [
    ...(anonymous ? [] : (['malformed_request', 'unauthenticated', 'unavailable'] as const)),
    ...route.metadata.errors,
  ]
  const byStatus = new Map<number, string[]>()
  for (const code of new Set(codes))
    byStatus.set(errorCodes[code].status, [...(byStatus.get(errorCodes[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      status,
      { description: names.join(', '), content: { [mediaTypes.problem]: { schema: schemaObject(problemSchema) } } },
    ]),
  )
}
