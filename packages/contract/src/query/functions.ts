import type { ColumnType } from './feature-type.ts'

/** What a function takes at one place. `same` is any type, the same (or a reconcilable one) at every place. */
export type Parameter = 'number' | 'text' | 'time' | 'same'

/** One function of the query language. */
export interface FunctionSignature {
  readonly parameters: readonly Parameter[]
  /** Most arguments; the last parameter repeats. As many as there are parameters unless told. */
  readonly atMost?: number
  /** `same`: the type that the arguments have in common. */
  readonly result: ColumnType | 'same'
  readonly meaning: string
}

const MANY = 20

/**
 * The functions that an expression may call: a closed set. All of them are total: what has no result is missing.
 *
 * Arithmetic is that of IEEE doubles, whatever the features are, so it gives floats and never overflows: a result that is not a
 * finite number (a division by zero, the logarithm of zero, 1e308 × 10) is missing.
 */
export const functionSignatures = {
  add: { parameters: ['number', 'number'], atMost: MANY, result: 'float', meaning: 'sum' },
  subtract: { parameters: ['number', 'number'], result: 'float', meaning: 'difference' },
  multiply: { parameters: ['number', 'number'], atMost: MANY, result: 'float', meaning: 'product' },
  divide: { parameters: ['number', 'number'], result: 'float', meaning: 'quotient' },
  modulo: { parameters: ['number', 'number'], result: 'float', meaning: 'remainder, with the sign of the dividend' },
  power: { parameters: ['number', 'number'], result: 'float', meaning: 'base to the exponent' },
  abs: { parameters: ['number'], result: 'float', meaning: 'magnitude' },
  sqrt: { parameters: ['number'], result: 'float', meaning: 'square root' },
  exp: { parameters: ['number'], result: 'float', meaning: 'e to the argument' },
  log: { parameters: ['number'], result: 'float', meaning: 'natural logarithm' },
  log10: { parameters: ['number'], result: 'float', meaning: 'logarithm to base 10' },
  round: { parameters: ['number'], result: 'float', meaning: 'nearest whole number, halves away from zero' },
  floor: { parameters: ['number'], result: 'float', meaning: 'largest whole number that is not larger' },
  ceil: { parameters: ['number'], result: 'float', meaning: 'smallest whole number that is not smaller' },
  least: { parameters: ['same', 'same'], atMost: MANY, result: 'same', meaning: 'smallest of the values that are there' },
  greatest: { parameters: ['same', 'same'], atMost: MANY, result: 'same', meaning: 'largest of the values that are there' },
  coalesce: { parameters: ['same', 'same'], atMost: MANY, result: 'same', meaning: 'first of the values that are there' },
  year: { parameters: ['time'], result: 'integer', meaning: 'year' },
  month: { parameters: ['time'], result: 'integer', meaning: 'month, 1 to 12' },
  day: { parameters: ['time'], result: 'integer', meaning: 'day of the month, 1 to 31' },
  age: {
    parameters: ['time', 'time'],
    result: 'integer',
    meaning: 'completed years from the first to the second date; who is born on 29 February has a birthday on 28 February',
  },
  lower: { parameters: ['text'], result: 'string', meaning: 'in small letters' },
  upper: { parameters: ['text'], result: 'string', meaning: 'in capital letters' },
  trim: { parameters: ['text'], result: 'string', meaning: 'without spaces at either end' },
  length: { parameters: ['text'], result: 'integer', meaning: 'number of characters (code points)' },
} as const satisfies Record<string, FunctionSignature>

export type FunctionName = keyof typeof functionSignatures

export const functionNames = Object.keys(functionSignatures) as [FunctionName, ...FunctionName[]]
