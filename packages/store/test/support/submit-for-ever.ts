// Submits artifacts to the store in the file named by the first argument, and prints the id of each that was accepted.
import { newScene, submit } from '../../../runtime/src/testing/store-fixtures.ts'
import { openStore } from '../../src/index.ts'

const store = await openStore({ database: { kind: 'sqlite', file: String(process.argv[2]) } })
const scene = await newScene(store)
for (;;) process.stdout.write(`${(await submit(scene)).id}\n`)
