import type { DialOutcome } from '#core/ports/telephony.ts'

/** What came of a try to ask somebody. */
export const results = [
  'reached',
  'busy',
  'no_answer',
  'invalid',
  'line_error',
  /** He was calling us meanwhile. */
  'calls_us',
  /** Nobody was rung, for the reason told. */
  'unwanted',
  'asked_lately',
  'too_late',
] as const
export type Result = (typeof results)[number]

export function toResult(outcome: DialOutcome): Result {
  switch (outcome) {
    case 'answered':
      return 'reached'
    case 'busy':
    case 'rejected':
      return 'busy'
    case 'no-answer':
    case 'unreachable':
      return 'no_answer'
    case 'invalid':
      return 'invalid'
    case 'cancelled':
    case 'failed':
      return 'line_error'
  }
}

/** He did not answer: this counts as one try of several. */
export function isCounted(result: Result): boolean {
  return result === 'busy' || result === 'no_answer'
}

/** Not his fault: tried again soon, and not counted. */
export function isOurs(result: Result): boolean {
  return result === 'line_error' || result === 'calls_us'
}
