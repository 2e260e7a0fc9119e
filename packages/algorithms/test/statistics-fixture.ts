import { readFileSync } from 'node:fs'

/** What scipy, statsmodels and pandas say; made by `fixtures/make-statistics.py`. */
export const statistics = JSON.parse(readFileSync(new URL('fixtures/statistics.json', import.meta.url), 'utf8'))

export const relativeError = (actual: number, expected: number) => Math.abs(actual - expected) / (Math.abs(expected) || 1)
