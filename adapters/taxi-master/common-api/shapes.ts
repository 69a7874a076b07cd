/** What the methods of CommonAPI have in common. */
import Type, { type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { Answer } from '../answers.ts'
import type { Call } from '../common-api.ts'

export interface Shape<Data> {
  Check(value: unknown): value is Data
  Errors: Validator['Errors']
}

export type Ask = <Data>(
  name: string,
  call: Call,
  shape: Shape<Data>,
  signal: AbortSignal,
) => Promise<Answer<Data>>

/** Unset members arrive as null, empty or not at all. */
export const Maybe = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

export const Id = Type.Integer({ minimum: 0 })

/** Sums come as numbers, and in bills and cost parts as strings. */
export const Sum = Type.Union([Type.Number(), Type.String({ pattern: '^-?\\d{1,12}([.,]\\d{1,4})?$' })])

export const Point = Type.Object({ lat: Type.Number(), lon: Type.Number() })

export const AttributeValue = Type.Object({
  id: Id,
  bool_value: Maybe(Type.Boolean()),
  num_value: Maybe(Type.Number()),
  str_value: Maybe(Type.String()),
})

/** An answer nobody reads further than its code. */
export const anything = Compile(Type.Unknown())

export function toSum(sum: number | string): number {
  return typeof sum === 'number' ? sum : Number(sum.replace(',', '.'))
}
