/** Taxi-Master's codes of refusal, method by method, in the words of the port. */
import type { Refusal } from '#core/ports/dispatch.ts'
import { codes, refusal } from './answers.ts'

type Codes = Readonly<Record<number, Refusal>>

const each = (refusal: Refusal, ...numbers: number[]): Codes =>
  Object.fromEntries(numbers.map((code) => [code, refusal]))

const methods = {
  create_order2: {
    ...each('unknown-detail', 101, 102, 103, 104, 105, 106, 107, 108, 109),
    ...each('client-barred', 110, 112),
    ...each('money', 111, 114, 115, 116),
  },
  update_order: {
    ...each('unknown-order', 100),
    ...each('unknown-detail', 101, 102, 103, 104, 105, 106, 108, 109, 114),
    ...each('not-from-this-state', 107),
    ...each('money', 111, 112, 115),
    ...each('client-barred', 113, 116),
  },
  change_order_state: {
    ...each('unknown-order', 100),
    ...each('unknown-detail', 101),
    ...each('not-from-this-state', 102),
  },
} as const satisfies Record<string, Codes>

/** Throws `DISPATCH_REFUSED` when it is the request itself that is at fault. */
export function toRefusal(method: keyof typeof methods, answer: { code: number; descr: string }): Refusal {
  if (answer.code < codes.firstOfMethod) throw refusal(method, answer)
  const known: Codes = methods[method]
  return known[answer.code] ?? 'its-own-rules'
}

/** Their ids are numbers; another id cannot be theirs. */
export function toTheirId(id: string, request: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id)
  throw refusal(request, { code: 9, descr: 'an id of Taxi-Master is a number' })
}
