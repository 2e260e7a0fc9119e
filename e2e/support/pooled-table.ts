import { readFileSync } from 'node:fs'

/** What pandas, scipy and statsmodels say of a table (`packages/algorithms/test/fixtures/make-statistics.py`). */
export const pandas = JSON.parse(
  readFileSync(new URL('../../packages/algorithms/test/fixtures/statistics.json', import.meta.url), 'utf8'),
)

export type Cells = Readonly<Record<string, readonly (string | number | null)[]>>

/** The rows of a table as CSV, one text for each site; `siteOf` says where a row goes, by its place in the order of a column. */
export function splitTable(columns: Cells, orderBy: string, shares: Readonly<Record<string, number>>): Record<string, string> {
  const names = Object.keys(columns)
  const rows = Array.from({ length: columns[orderBy]!.length }, (_, row) => row)
  rows.sort((a, b) => Number(columns[orderBy]![a]) - Number(columns[orderBy]![b]))
  const sites: Record<string, string> = {}
  let start = 0
  for (const [site, share] of Object.entries(shares)) {
    const end = start + Math.round(share * rows.length)
    const lines = rows.slice(start, end).map((row) => names.map((name) => columns[name]![row] ?? '').join(','))
    sites[site] = `${[names.join(','), ...lines].join('\n')}\n`
    start = end
  }
  return sites
}
