import type { z } from 'zod'
import type { Issue } from './problem.ts'

/** What a schema refused, as issues with the path of each from `root`: `artifact.steps[0].operation.kind`. */
export function issuesOf(error: z.ZodError, root: string): Issue[] {
  return error.issues.map(({ path, message }) => ({ path: pathText(root, path).slice(0, 500), message: message.slice(0, 500) }))
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`), root)
}

/** Issues in one line. */
export function issuesText(issues: readonly Issue[]): string {
  return issues
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ')
    .slice(0, 1500)
}
