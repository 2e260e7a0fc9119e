import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Project, type Run, Variance } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AppNetwork, urlOf } from '../support/app-network.ts'
import type { AppProcess } from '../support/app-process.ts'
import { Releasers } from '../support/releasers.ts'
import { madeUpTable } from '../support/tables.ts'
import { type Moment, Tap } from '../support/tap.ts'

const tables = {
  north: madeUpTable({ rows: 400, seed: 1 }),
  south: madeUpTable({ rows: 300, seed: 2, shift: 10 }),
  east: madeUpTable({ rows: 200, seed: 3, shift: 20 }),
}
type Site = keyof typeof tables

/** The jobs of a sum over three sites, by their place in the plan; they follow each other. */
const [, ADD_FIRST, ADD_SECOND, , UNMASK] = [0, 1, 2, 3, 4]
const COMPLETE = /^POST \/task\/job_\w+\/complete$/

describe('a site that is killed within a secure sum (law 3)', () => {
  const acquired = new Releasers()
  const clients = {} as Record<Site, AppProcess>
  let network: AppNetwork
  let tap: Tap
  let project: Project
  let undisturbed: unknown

  const start = (site: Site) => network.startClient(site, tables[site], { join: { first: false, url: urlOf(tap.port) } })
  const sum = (timeoutS = 60) =>
    project.submit(Variance({ features: ['age', 'weight'] }).getSteps(undefined, { route: 'secure-sum', timeoutS }))

  beforeAll(async () => {
    network = acquired.use(await AppNetwork.create({ database: { dialect: 'sqlite', host: './node.db' }, node: { lease: 2 } }))
    tap = acquired.use(await Tap.before(network.port))
    await network.startNode()
    for (const site of Object.keys(tables) as Site[]) clients[site] = start(site)
    await Promise.all(Object.values(clients).map((client) => client.said(/joined the node/)))
    project = await network.project()
    undisturbed = await (await sum()).result()
  })
  afterAll(() => acquired[Symbol.asyncDispose]())

  /** Whether a message completes the job at a place of a run; others of earlier runs may still be under way. */
  const completes = (submitted: () => Promise<Run>, place: number) => async (message: string) =>
    COMPLETE.test(message) && message.includes((await (await submitted()).status()).jobs[place]!.id)

  const siteOf = async (run: Run, place: number) => (await run.status()).jobs[place]!.component.name as Site

  /** Kills the site whose turn it is, at a moment of its completion, which is lost. */
  async function killedAt(place: number, moment: Moment, timeoutS?: number): Promise<{ run: Run; killed: Site }> {
    let submitted: Promise<Run>
    let killed: Site | undefined
    const strike = async () => {
      killed = await siteOf(await submitted, place)
      await kill(killed)
    }
    const died = tap.once(
      moment,
      completes(() => submitted, place),
      strike,
    )
    submitted = sum(timeoutS)
    await died
    return { run: await submitted, killed: killed! }
  }

  async function kill(site: Site): Promise<void> {
    clients[site].kill('SIGKILL')
    await clients[site].exited
  }

  /** The same figures to the last bit, each job done once, and nothing stored that could be read as a summary or as its sum. */
  async function expectUndisturbed(run: Run): Promise<void> {
    expect(await run.result()).toEqual(undisturbed)
    expect((await run.status()).jobs.every(({ status }) => status === 'COMPLETED')).toBe(true)
    const folder = join(network.folder, 'node')
    const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    const stored = files.map((entry) => contentOf(join(entry.parentPath, entry.name))).join('')
    expect(stored).toMatch(/"part":"unmask"/)
    expect(stored).not.toMatch(/MaskedSum|"kind":"Summary"|"words"|"squares"/)
  }

  /** Stops the second site while it waits for its turn. */
  async function stoppedBeforeItsTurn(): Promise<{ run: Run; second: Site }> {
    let submitted: Promise<Run>
    let second: Site | undefined
    const stop = async () => {
      second = await siteOf(await submitted, ADD_SECOND!)
      clients[second].kill('SIGSTOP')
    }
    const stopped = tap.once(
      'before',
      completes(() => submitted, ADD_FIRST!),
      stop,
      { goOn: true },
    )
    submitted = sum()
    await stopped
    return { run: await submitted, second: second! }
  }

  /** Whether a site that is stopped got its turn: the node has answered its question with the task, unless it asked nothing just then. */
  async function hasItsTurn(run: Run): Promise<boolean> {
    const isRunning = async () => (await run.status()).jobs[ADD_SECOND!]!.status === 'RUNNING'
    return vi.waitUntil(isRunning, { timeout: 5000, interval: 100 }).catch(() => false)
  }

  it('while it holds its turn: after its restart it has it again, and adds its records once', async () => {
    for (;;) {
      const { run, second } = await stoppedBeforeItsTurn()
      const isHeld = await hasItsTurn(run)
      if (!isHeld) {
        clients[second].kill('SIGCONT')
        await run.result()
        continue
      }
      await kill(second)
      clients[second] = start(second)
      await expectUndisturbed(run)
      expect((await run.status()).jobs[ADD_SECOND!]!.attempts).toBeGreaterThanOrEqual(2)
      return
    }
  })

  it.each([
    ['with its sum ready, before the node has it', ADD_SECOND, 'before'],
    ['after the node has its sum, before it knows', ADD_SECOND, 'answered'],
    ['with the total in its hands, which it alone can read', UNMASK, 'before'],
  ] as const)('%s: after its restart the sum is the same', async (_, place, moment) => {
    const { run, killed } = await killedAt(place!, moment)
    clients[killed] = start(killed)
    await clients[killed].said(/result from before the restart/)
    await expectUndisturbed(run)
  })

  it('and never comes back: the artifact ends with the name of the site and the reason, and nothing is released', async () => {
    const { run, killed } = await killedAt(ADD_SECOND!, 'before', 10)
    await expect(run.result()).rejects.toMatchObject({
      code: 'quorum_not_met',
      message: expect.stringMatching(new RegExp(`^SecureSum at ${killed} \\(step 0\\) failed: .*within 10 s`)),
    })
    const { status, result, jobs } = await run.status()
    expect({ status, result }).toEqual({ status: 'FAILED', result: null })
    expect(jobs.slice(ADD_SECOND!).map(({ status }) => status)).toEqual(new Array(4).fill('CANCELLED'))
  })
})

/** What a file holds; nothing of one that goes meanwhile, as products do. */
function contentOf(path: string): string {
  try {
    return readFileSync(path).toString('latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
