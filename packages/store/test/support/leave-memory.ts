// Opens a store in memory, prints its folder's owner and dies without closing it.
import { openStore } from '../../src/index.ts'

await openStore({ database: { kind: 'memory' } })
process.stdout.write(`${process.pid}\n`)
process.kill(process.pid, 'SIGKILL')
