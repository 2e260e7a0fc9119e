// `npm test`: installs, builds and runs every test. Arguments are passed on to the test runner.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, install, root, run, say } from './lib/workspace.mjs'

await install()
await build()
say('Running the tests, on SQLite and on a PostgreSQL of their own …')
const folder = mkdtempSync(join(tmpdir(), 'flotta-test-'))
const report = join(folder, 'report.json')
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
const code = await run(join(root, 'node_modules', '.bin', 'vitest'), args, { stdout: 'stdout' })
let summary
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'))
  summary = `${numPassedTests} passed, ${numFailedTests} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`
} catch {
  summary = '0 passed, 1 failed'
}
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`\n${code === 0 ? 'All tests passed.' : 'Some tests failed: see above.'}\n${summary}\n`)
process.exit(code)
