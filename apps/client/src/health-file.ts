import { join } from 'node:path'
import type { Config } from '@flotta/config'

/** Where a running client leaves how it is. */
export function healthFile({ workdir }: Config): string {
  return join(workdir, 'health.json')
}
