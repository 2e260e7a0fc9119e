// Opens a store in memory, prints its folder's owner and lives until it is killed, a few minutes at most.
import { openStore } from '../../src/index.ts'

await openStore({ database: { kind: 'memory' } })
process.stdout.write(`${process.pid}\n`)
setTimeout(() => undefined, 300_000)
