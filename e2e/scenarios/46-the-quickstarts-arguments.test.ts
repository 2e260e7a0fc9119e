import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../packages/store/test/support/database.ts'
import { runScript } from '../support/run-command.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

// A checkout in which nothing is installed, and nothing can be: it has no lockfile.
describe('the quickstart, before it installs anything', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder()
    for (const part of ['scripts', 'examples/network'])
      cpSync(join(repository, part), join(folder.path, part), { recursive: true })
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  const quickstart = (...args: string[]) =>
    runScript(join(folder.path, 'scripts', 'quickstart.mjs'), args, { INIT_CWD: folder.path })

  it.each([
    [['--tres', '5'], "Unknown option '--tres'"],
    [['--trees', 'many'], '--trees many: expected an integer'],
    [['--data', 'a.csv'], '--data, --validation and --label go together'],
    [['--data', 'absent.csv', '--validation', 'v.csv', '--label', 'y'], 'there is no file '],
  ])('refuses %j and says why', async (args, why) => {
    const { code, out, err } = await quickstart(...args)
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(`quickstart: ${why}`) })
  })

  it('says how it is used', async () => {
    expect(await quickstart('--help')).toEqual({ code: 0, out: '', err: expect.stringMatching(/^Usage: npm run quickstart/) })
  })
})
