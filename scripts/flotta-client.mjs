import { runApp } from './lib/app.mjs'

await runApp('client', 'bin', 'flotta-client.js')
