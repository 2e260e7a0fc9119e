import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestsOf } from '@flotta/client-sdk/transport'
import type { Task } from '@flotta/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Outbox } from '../../src/worker/outbox.ts'
import type { OwnProduct } from '../../src/worker/task-source.ts'
import { newTask } from './tasks.ts'

let root: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'flotta-outbox-'))
  folder = join(root, 'outbox')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const open = (terms = 'policy') => Outbox.open({ folder, terms })
const work = { metrics: null, stop: false }

async function fileOf(text: string): Promise<OwnProduct> {
  const path = join(root, 'sealed')
  await writeFile(path, text)
  return { kind: 'file', path, ...digestsOf(Buffer.from(text)) }
}

async function keep(outbox: Outbox, task: Task, text = 'product') {
  return outbox.keep(task, await fileOf(text), work)
}

describe('the outbox', () => {
  it('has what was kept also after the end of the process, and no longer once it was delivered', async () => {
    const task = newTask()
    const kept = await keep(await open(), task)
    const again = await open()
    expect(again.parcels).toEqual([kept])
    expect(await readFile(join(folder, `${task.jobId}.sealed`), 'utf8')).toBe('product')
    await again.drop(task.jobId)
    expect((await open()).parcels).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('has a small product in its entry, without what the task brought along', async () => {
    const content = Buffer.from('small')
    const contents = [{ resourceId: newTask().output.resourceId, content: 'aW5wdXQ=' }]
    const kept = await (await open()).keep(newTask({ contents }), { kind: 'content', content, ...digestsOf(content) }, work)
    expect(kept.task.contents).toEqual([])
    const again = await open()
    expect(again.parcels).toEqual([kept])
    expect(await readdir(folder)).toEqual([`${kept.task.jobId}.json`])
    await again.drop(kept.task.jobId)
    expect(await readdir(folder)).toEqual([])
  })

  it('gives the product of an earlier lease to the job under its new one, and to no other job', async () => {
    const task = newTask()
    const outbox = await open()
    await keep(outbox, task)
    outbox.markStale(task.jobId)
    expect(outbox.find({ ...task, epoch: 2 })).toMatchObject({ task: { epoch: 2 }, work })
    expect(outbox.find(newTask())).toBeUndefined()
  })

  it('does not give it when others are to read it now', async () => {
    const task = newTask()
    const outbox = await open()
    await keep(outbox, task)
    expect(outbox.find({ ...task, output: { ...task.output, recipients: newTask().output.recipients } })).toBeUndefined()
  })

  it('drops what was made under other terms, such as a policy that the owner has changed since', async () => {
    await keep(await open('at least 10 records'), newTask())
    expect((await open('at least 50 records')).parcels).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['a damaged file', async (id: string) => appendFile(join(folder, `${id}.sealed`), 'x')],
    ['a file that is not there', async (id: string) => rm(join(folder, `${id}.sealed`))],
    ['half an entry', async (id: string) => writeFile(join(folder, `${id}.json`), '{"task":')],
    [
      'an entry that names another path',
      async (id: string) => writeFile(join(folder, `${id}.json`), '{"task":{"jobId":"../../x"}}'),
    ],
    ['a file without an entry', async (id: string) => rm(join(folder, `${id}.json`))],
  ])('drops %s, and the job runs again', async (_, damage) => {
    const [broken, sound] = [newTask(), newTask()]
    const outbox = await open()
    await keep(outbox, broken)
    await keep(outbox, sound)
    await damage(broken.jobId)
    expect((await open()).parcels.map(({ task }) => task.jobId)).toEqual([sound.jobId])
    expect((await readdir(folder)).sort()).toEqual([`${sound.jobId}.json`, `${sound.jobId}.sealed`])
  })

  it('lets nobody else look in', async () => {
    const task = newTask()
    await keep(await open(), task)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, `${task.jobId}.json`))).mode & 0o777).toBe(0o600)
  })
})
