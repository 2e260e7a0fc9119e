import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where a workbench keeps its keys: `$XDG_DATA_HOME/flotta/workbench`, or `~/.local/share/flotta/workbench`.
 */
export function defaultWorkbenchFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'flotta', 'workbench')
}
