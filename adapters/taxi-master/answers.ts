/** What both of Taxi-Master's APIs answer, whatever the format. */

import type { Answer as Wire } from '#core/asking/line.ts'
import { CallbusError } from '#core/errors.ts'

export type Answer<Data> = { ok: true; data: Data } | { ok: false; code: number; descr: string }

export const codes = {
  /** Codes from here on belong to one method; below they mean that the request itself is at fault. */
  firstOfMethod: 100,
  notFound: 100,
  sameOrder: 100,
  stateUnknown: 101,
  transitionRefused: 102,
} as const

/** The data, or `DISPATCH_REFUSED`. */
export function granted<Data>(request: string, answer: Answer<Data>): Data {
  if (answer.ok) return answer.data
  throw refusal(request, answer)
}

/** The data, `undefined` for the method's own "no", or `DISPATCH_REFUSED` when the request is at fault. */
export function found<Data>(request: string, answer: Answer<Data>): Data | undefined {
  if (answer.ok) return answer.data
  if (answer.code >= codes.firstOfMethod) return undefined
  throw refusal(request, answer)
}

export function refusal(request: string, { code, descr }: { code: number; descr: string }): CallbusError {
  return new CallbusError('DISPATCH_REFUSED', { request, status: code, reason: descr.slice(0, 200) })
}

/** The answer's text stays out of the sentence: it may hold phones and balances. */
export function nonsense(request: string, { status, text }: Wire, why: string): CallbusError {
  return new CallbusError('DISPATCH_NONSENSE', {
    request,
    reason: `${why} (HTTP ${status}, ${text.length} characters)`,
  })
}
