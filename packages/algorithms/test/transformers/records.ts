import fc from 'fast-check'
import {
  type Column,
  createFrame,
  type Frame,
  fittedExpressions,
  type Guard,
  mergeFeatureStatistics,
  selectRows,
  type Transformer,
  transformerStatistics,
} from '../../src/index.ts'

/** What an imputer does unless told. */
export const plainImputer = { missingValues: null, addIndicator: false, keepEmptyFeatures: false } as const

/** An encoder without rare categories. */
export const everyCategory = { minFrequency: null, maxCategories: null } as const

export const rowsOf = ({ rowCount }: Frame<Column>): Int32Array => Int32Array.from({ length: rowCount }, (_, row) => row)

/** A frame whose columns are given by name; numbers with null for what is missing become numbers. */
export function frameOf(columns: Readonly<Record<string, readonly (number | string | null)[]>>): Frame<Column> {
  const typed = Object.values(columns).map((values) =>
    values.some((value) => typeof value === 'string')
      ? (values as (string | null)[])
      : Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
  )
  return createFrame<Column>(Object.keys(columns), typed)
}

/** The records dealt to sites by these numbers: row i goes to site `deal[i % deal.length]`. */
export function dealt(frame: Frame<Column>, sites: number, deal: readonly number[]): Frame<Column>[] {
  return Array.from({ length: sites }, (_, site) =>
    selectRows(
      frame,
      rowsOf(frame).filter((row) => deal[row % deal.length] % sites === site),
    ),
  ).filter(({ rowCount }) => rowCount > 0)
}

/** A transformer fitted over sites: what each tells, merged. */
export function fitOver(transformer: Transformer, sites: readonly Frame<Column>[], guard: Guard) {
  const told = sites.map((site) => transformerStatistics(transformer, site, rowsOf(site), guard))
  return fittedExpressions(transformer, told.reduce(mergeFeatureStatistics))
}

export const deals = fc.record({
  sites: fc.integer({ min: 1, max: 20 }),
  deal: fc.array(fc.nat(19), { minLength: 1, maxLength: 40 }),
})
