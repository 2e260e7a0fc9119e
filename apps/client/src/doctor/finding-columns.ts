import type { Column } from '../cli/print.ts'
import type { Finding } from './check.ts'

/** How findings are shown to people. */
export const findingColumns: readonly Column<Finding>[] = [
  { head: 'check', of: ({ check }) => check },
  { head: 'result', of: ({ result }) => result },
  { head: 'detail', of: ({ detail }) => detail },
]
