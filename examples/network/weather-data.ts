import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Site } from './arguments.mjs'

/** Every fifth record is held back for the validation. */
const HELD_BACK = 5

/**
 * The built-in data: daily weather of Seattle and New York from 2012 to 2015 (NOAA, public domain; inside the npm package
 * `@observablehq/sample-datasets`). Each city is a site, so the sites differ as cities do.
 */
export function writeWeatherData(folder: string): {
  readonly sites: Site[]
  readonly validation: string
  readonly label: string
} {
  const file = createRequire(import.meta.url).resolve('@observablehq/sample-datasets/weather.csv')
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split('\n')
  const columns = header.slice(header.indexOf(',') + 1)
  const byCity = groupByCity(rows)
  const write = (name: string, lines: readonly string[]) => {
    const path = join(folder, `${name}.csv`)
    writeFileSync(path, `${[columns, ...lines.map((line) => line.slice(line.indexOf(',') + 1))].join('\n')}\n`)
    return path
  }
  const sites = [...byCity].map(([city, lines]) => {
    const name = city.toLowerCase().replaceAll(' ', '-')
    return {
      name,
      file: write(
        name,
        lines.filter((_, index) => index % HELD_BACK !== 0),
      ),
    }
  })
  const heldBack = [...byCity.values()].flatMap((lines) => lines.filter((_, index) => index % HELD_BACK === 0))
  return { sites, validation: write('validation', heldBack), label: 'weather' }
}

function cityOf(row: string): string {
  return row.slice(0, row.indexOf(','))
}

function groupByCity(rows: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const row of rows) {
    const group = groups.get(cityOf(row))
    if (group) group.push(row)
    else groups.set(cityOf(row), [row])
  }
  return groups
}
