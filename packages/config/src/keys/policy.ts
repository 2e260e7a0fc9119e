import { integer } from '../key/kinds.ts'

/** What this site lets out, whatever a plan asks for. */
export const policy = {
  minimum_records: integer({ default: 10, about: 'fewest records that a result of this site may rest on' }, 5, 1_000_000_000),
  minimum_cell: integer({ default: 10, about: 'fewest records of a group or cell that is told' }, 5, 1_000_000_000),
} as const
