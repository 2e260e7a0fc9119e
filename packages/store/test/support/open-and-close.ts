// Opens the store at the location that the first argument has as JSON, migrating it, asks it one thing and closes it.
import { openStore } from '../../src/index.ts'

const { password, ...location } = JSON.parse(String(process.argv[2]))
const store = await openStore({ database: { ...location, password: () => password } })
await store.ping()
await store[Symbol.asyncDispose]()
