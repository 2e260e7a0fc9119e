import { setFlagsFromString } from 'node:v8'
import { runProgram } from '@flotta/client/cli'
import { createFlotta } from './program.ts'

// The database's query compiler is WebAssembly that is run a few times a second. Optimising it would take V8 about 50 MB for a
// millisecond in each of a node's first queries, so only the baseline compiler is used.
setFlagsFromString('--liftoff-only')

process.exitCode = await runProgram(createFlotta(), process.argv.slice(2))
