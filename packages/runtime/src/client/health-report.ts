import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { parseJson } from '@flotta/contract'
import { z } from 'zod'

/** How a client is, as it leaves it in a file for other processes of its owner: for the client opens no port. */
const healthReportSchema = z.strictObject({
  pid: z.int(),
  /** When it was written, in epoch milliseconds. */
  atMs: z.int(),
  /** After how long the next one is written at the latest. */
  everyMs: z.int().positive(),
  /** Whether it ends: it takes no more work. */
  stopping: z.boolean(),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
})
export type HealthReport = z.output<typeof healthReportSchema>

/** Reports that may be missing before nobody is thought to write them. */
const MISSING_REPORTS = 3

/** The last report of a client; undefined where there is none that can be read. */
export function readHealthReport(file: string): HealthReport | undefined {
  try {
    return healthReportSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether the process that wrote a report goes on writing them: one that hangs or was killed does not. */
export function isAlive({ atMs, everyMs }: HealthReport, nowMs: number): boolean {
  return nowMs - atMs <= MISSING_REPORTS * everyMs
}

/** Whoever reads meanwhile sees the report before or this one. It names folders and causes, and is for its owner alone. */
export async function writeHealthReport(file: string, report: HealthReport): Promise<void> {
  const next = `${file}.next`
  await writeFile(next, `${JSON.stringify(report)}\n`, { mode: 0o600 })
  await rename(next, file)
}

/** Takes the report of a client that has ended away. */
export function removeHealthReport(file: string): Promise<void> {
  return rm(file, { force: true })
}
