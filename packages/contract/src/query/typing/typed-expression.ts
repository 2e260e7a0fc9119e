import type { ComparisonOperator, Scalar } from '../expression.ts'
import type { ColumnType } from '../feature-type.ts'
import type { FunctionName } from '../functions.ts'

/** An expression whose every part has a type, and whose operands have the types that their operator takes. */
export type TypedExpression = { readonly type: ColumnType } & TypedNode

type TypedNode =
  | { readonly op: 'feature'; readonly name: string }
  | { readonly op: 'value'; readonly value: Scalar }
  /** Between types that can be reconciled: of an integer a float, of a date its midnight. */
  | { readonly op: 'convert'; readonly operand: TypedExpression }
  | { readonly op: ComparisonOperator; readonly left: TypedExpression; readonly right: TypedExpression }
  | {
      readonly op: 'between'
      readonly operand: TypedExpression
      readonly lower: TypedExpression
      readonly upper: TypedExpression
    }
  | { readonly op: 'in'; readonly operand: TypedExpression; readonly values: readonly TypedExpression[] }
  | { readonly op: 'like'; readonly operand: TypedExpression; readonly pattern: string }
  | { readonly op: 'isNull'; readonly operand: TypedExpression }
  | { readonly op: 'and' | 'or'; readonly conditions: readonly TypedExpression[] }
  | { readonly op: 'not'; readonly condition: TypedExpression }
  | { readonly op: 'call'; readonly function: FunctionName; readonly arguments: readonly TypedExpression[] }
  | { readonly op: 'bins'; readonly operand: TypedExpression; readonly edges: readonly number[] }
  | {
      readonly op: 'case'
      readonly cases: readonly { readonly when: TypedExpression; readonly result: TypedExpression }[]
      readonly otherwise: TypedExpression | undefined
    }
