import { runApp } from './lib/app.mjs'

await runApp('node', 'bin', 'flotta.js')
