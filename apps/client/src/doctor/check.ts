import { toError } from '@flotta/contract'
import { exitCodes } from '../exit-codes.ts'

/** One thing that has to be well. `run` answers words, or rejects with what is wrong and what to do. */
export interface Check {
  readonly name: string
  /** The exit code of the doctor when this is what is wrong. */
  readonly exitCode: number
  /** Why it is left out; undefined: it is run. */
  readonly skip?: string | undefined
  run(): Promise<string> | string
}

export interface Finding {
  readonly check: string
  readonly result: 'ok' | 'failed' | 'skipped'
  readonly detail: string
}

/** Checks in their order. What stands behind a failure in its group would fail for the same reason, and is skipped. */
export async function examine(groups: readonly (readonly Check[])[]): Promise<{ findings: Finding[]; exitCode: number }> {
  const findings: Finding[] = []
  let exitCode: number = exitCodes.ok
  for (const group of groups) {
    let failed: string | undefined
    for (const check of group) {
      const reason = failed === undefined ? check.skip : `because ${failed} failed`
      const finding = reason === undefined ? await findingOf(check) : skipped(check, reason)
      findings.push(finding)
      if (finding.result !== 'failed') continue
      failed = check.name
      if (exitCode === exitCodes.ok) exitCode = check.exitCode
    }
  }
  return { findings, exitCode }
}

async function findingOf({ name, run }: Check): Promise<Finding> {
  try {
    return { check: name, result: 'ok', detail: await run() }
  } catch (error) {
    return { check: name, result: 'failed', detail: toError(error).message }
  }
}

function skipped({ name }: Check, detail: string): Finding {
  return { check: name, result: 'skipped', detail }
}
