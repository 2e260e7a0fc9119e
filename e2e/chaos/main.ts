/** `npm run chaos`: see `--help`. What went wrong, and the verdict, on standard error; the report as JSON on standard output. */
import { parseArgs } from 'node:util'
import { faultsOf } from './faults.ts'
import { runChaos, scheduleOf } from './run-chaos.ts'
import { type DatabaseKind, isDatabaseKind } from './world.ts'

const help = `npm run chaos -- [--seed N] [--minutes M] [--database sqlite|postgresql|replicas] [--schedule]

Runs a node, three clients and a researcher as real processes while things go wrong as the seed says: SIGKILL (of the processes of
jobs too), SIGSTOP, cut, broken, slow, deaf and mute connections, requests that arrive twice, and with PostgreSQL a database that stops.
Then checks that every artifact that
was acknowledged ended with the result of a calm run, and that each effect happened once. Exit code 1 where not.

  --seed N         what goes wrong, and which plans run; one by the clock unless told
  --minutes M      how long things go wrong; 1 unless told
  --database KIND  sqlite unless told; replicas: two processes serve the node over one PostgreSQL
  --schedule       prints what would go wrong, and runs nothing
`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '1' },
    database: { type: 'string', default: 'sqlite' },
    schedule: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const lengthMs = Number(values.minutes) * 60_000
const database = values.database
const tell = (line: string) => process.stderr.write(`${line}\n`)

if (values.help) tell(help)
else if (!Number.isSafeInteger(seed) || seed < 0 || !(lengthMs > 0) || !isDatabaseKind(database)) {
  tell(help)
  process.exitCode = 2
} else if (values.schedule) printSchedule(database)
else {
  tell(`seed ${seed}, ${values.minutes} minutes, ${database}`)
  const report = await runChaos({ seed, lengthMs, database, tell })
  process.stdout.write(`${JSON.stringify({ seed, lengthMs, database, ...report })}\n`)
  if (report.problems.length === 0) tell('Everything that was accepted ended as in the calm, and once.')
  else {
    for (const problem of report.problems) tell(`PROBLEM ${problem}`)
    tell(`\nWhat was to go wrong:`)
    printSchedule(database)
    tell(`\nAgain: npm run chaos -- --seed ${seed} --minutes ${values.minutes} --database ${database}`)
    process.exitCode = 1
  }
}

function printSchedule(database: DatabaseKind): void {
  for (const { atMs, fault } of faultsOf(scheduleOf({ seed, lengthMs, database }))) {
    tell(`${String(atMs).padStart(7)} ms  ${JSON.stringify(fault)}`)
  }
}
