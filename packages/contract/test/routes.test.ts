import { readFileSync, writeFileSync } from 'node:fs'
import { initContract } from '@ts-rest/core'
import { describe, expect, it } from 'vitest'
import { openApiDocument, type Route, type Routes, routes } from '../src/index.ts'
import { flottaContract } from '../src/ts-rest.ts'

const rows = Object.entries(routes).flatMap(([audience, group]) =>
  Object.entries(group as Routes).map(([name, route]) => [`${audience}.${name}`, route] as [string, Route]),
)

describe('routes', () => {
  it.each(rows)('%s says who may use it, and anonymous routes change nothing', (_, { metadata, method }) => {
    expect(metadata.access.roles.length).toBeGreaterThan(0)
    if (metadata.access.roles.includes('anonymous')) expect(method).toBe('GET')
  })

  it.each(rows)('%s names each parameter of its path in its schema', (_, { path, pathParams }) => {
    const names = [...path.matchAll(/[:*](\w+)/g)].map((match) => match[1])
    const shape = pathParams && 'shape' in pathParams ? Object.keys(pathParams.shape as object) : []
    expect(shape).toEqual(names)
  })

  it('no two routes share method and path', () => {
    const keys = rows.map(([, { method, path }]) => `${method} ${path.replace(/[:*]\w+/g, ':')}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('are a ts-rest contract, group by group', () => {
    expect(initContract().router(routes)).toBeDefined()
    expect(flottaContract.workbench.submit.path).toBe('/workbench/projects/:projectId/artifacts')
  })
})

describe('the OpenAPI document', () => {
  const document = openApiDocument() as {
    openapi: string
    paths: Record<string, Record<string, unknown>>
    components: { schemas: Record<string, unknown> }
  }

  it('is OpenAPI 3.1 and has every route', () => {
    expect(document.openapi).toBe('3.1.1')
    for (const [, { path, method }] of rows)
      expect(document.paths[path.replace(/[:*](\w+)/g, '{$1}')]?.[method.toLowerCase()]).toBeDefined()
  })

  it('has no reference that leads nowhere and no empty schema', () => {
    const text = JSON.stringify(document)
    for (const [, reference] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const name = /^#\/components\/schemas\/(.+)$/.exec(reference!)?.[1]
      expect(document.components.schemas[name ?? reference!], reference).toBeDefined()
    }
    for (const [name, schema] of Object.entries(document.components.schemas))
      expect(Object.keys(schema as object).length, name).toBeGreaterThan(0)
  })

  it('equals the reviewed one; run with UPDATE_OPENAPI=1 to review a change', () => {
    const file = new URL('../openapi.json', import.meta.url)
    const text = `${JSON.stringify(document, null, 2)}\n`
    if (process.env.UPDATE_OPENAPI === '1') writeFileSync(file, text)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
})
