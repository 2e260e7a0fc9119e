import type { Config } from '@flotta/config'
import { type HealthReport, isAlive, readHealthReport } from '@flotta/runtime/client-health'
import type { Check } from '../doctor/check.ts'
import { exitCodes } from '../exit-codes.ts'
import { healthFile } from '../health-file.ts'

/** How a client is by the reports that it leaves in its folder: it needs no port for that. */
export function clientHealthChecks(config: Config, ready: boolean): Check[] {
  const file = healthFile(config)
  const report = readHealthReport(file)
  const exitCode = exitCodes.unavailable
  const alive: Check = {
    name: 'process',
    exitCode,
    run: () => {
      if (report === undefined) throw new Error(`no client has reported in ${file}: it does not run here, or has just started`)
      const agoS = Math.round((Date.now() - report.atMs) / 1000)
      if (!isAlive(report, Date.now()))
        throw new Error(`process ${report.pid} reported ${agoS} s ago for the last time: it was killed, or hangs`)
      return `process ${report.pid} reported ${agoS} s ago`
    },
  }
  if (!ready || report === undefined) return [alive]
  return [alive, ...needs(report).map((need) => ({ ...need, exitCode }))]
}

function needs({ stopping, checks }: HealthReport): Omit<Check, 'exitCode'>[] {
  const found = checks.map(({ name, ok, detail }) => ({ name, run: () => (ok ? detail : fail(detail)) }))
  return stopping ? [{ name: 'work', run: () => fail('it is stopping, and takes no more') }, ...found] : found
}

function fail(detail: string): never {
  throw new Error(detail)
}
