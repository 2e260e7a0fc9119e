import { setFlagsFromString } from 'node:v8'
import { runProgram } from '@flotta/client/cli'
import { createFlotta } from './program.ts'

// The database's query compiler is WebAssembly that is run a few times a second. Optimising it would take V8 about 50 MB for a
// millisecond in each of a node's first queries, so only the baseline compiler is used.
setFlagsFromString('--liftoff-only')

// V8 lets the heap grow to four times what was in use before it collects. What a node holds for thousands of idle clients lives for a
// minute and is garbage then, which is the worst for that; half as much again costs a collection now and then (`docs/decisions/0041`).
setFlagsFromString('--heap-growing-percent=50')

process.exitCode = await runProgram(createFlotta(), process.argv.slice(2))
