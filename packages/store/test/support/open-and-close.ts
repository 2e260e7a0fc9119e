// Opens the store in the file named by the first argument, migrating it, asks it one thing and closes it.
import { openStore } from '../../src/index.ts'

const store = await openStore({ database: { kind: 'sqlite', file: String(process.argv[2]) } })
await store.ping()
await store[Symbol.asyncDispose]()
