import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { repository } from '../docker/image.ts'
import { canJail } from '../docker/jail.ts'
import { dockerSteps, type Steps } from '../docker/steps.ts'

const installed = existsSync(join(repository, 'node_modules/.bin/pnpm'))

// What `npm run docker-steps` does, from the deployment on: this checkout was installed and built by the steps before.
describe.skipIf(!canJail || !installed)('the images and services, each in a root of its own without an engine', () => {
  const said: string[] = []
  let steps: Steps
  beforeAll(async () => {
    steps = await dockerSteps({ full: false, tell: (text) => said.push(text) })
  }, 600_000)

  it('give a researcher the answers of the pooled table', () => {
    expect(steps.workbench.lines.at(-1)).toBe('Every answer is right.')
    expect(steps.workbench.code).toBe(0)
    expect(steps.workbench.lines.filter((line) => line.includes(' right, '))).toHaveLength(7)
  })

  it('start in order: each when the health checks of those before it say so', () => {
    expect(said.filter((line) => /healthy$|^starting/.test(line)).map((line) => line.replace(/:.*/, ''))).toEqual([
      'starting node',
      'node is healthy',
      'starting north',
      'node is healthy',
      'starting south',
      'north is healthy',
      'south is healthy',
      'starting workbench',
    ])
  })

  it('run as a user of their own, who has no capability, gains none, and writes to nothing but his volume and memory', () => {
    const confined = { uid: 1000, capabilities: 0n, noNewPrivileges: true, readOnlyRoot: true }
    expect(steps.facts).toEqual({ node: confined, north: confined, south: confined })
  })

  it('end in order when they are told to', () => {
    expect(steps.stopped).toEqual({ node: 0, north: 0, south: 0 })
  })

  it('are small: no generator, compiler or test of the checkout is in them', () => {
    expect(steps.megabytes['flotta-node:0.1.0']).toBeLessThan(150)
    expect(steps.megabytes['flotta-client:0.1.0']).toBeLessThan(120)
    expect(steps.megabytes['flotta-workbench:0.1.0']).toBeLessThan(12)
  })
})
