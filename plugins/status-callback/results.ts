import type { CallBackProgress } from '#core/ports/dispatch.ts'
import type { DialOutcome } from '#core/ports/telephony.ts'

/** What came of one try to call somebody. */
export const results = [
  'reached_confirmed',
  'reached_heard',
  'reached_short',
  'asked_operator',
  'busy',
  'no_answer',
  'switched_off',
  'invalid',
  'cancelled',
  'line_error',
] as const
export type Result = (typeof results)[number]

/** After these another try may come. */
export const retried = ['busy', 'no_answer', 'switched_off', 'invalid', 'reached_short'] as const
export type Retried = (typeof retried)[number]

/** How far the conversation came: the later ones outdo the earlier. */
export const levels = ['reached_short', 'reached_heard', 'reached_confirmed', 'asked_operator'] as const
export type Level = (typeof levels)[number]

export function further(one: Level | null, other: Level): Level {
  return one !== null && levels.indexOf(one) > levels.indexOf(other) ? one : other
}

/** Of a call that nobody answered and that we did not stop: then the fault is ours. */
export function toResult(outcome: Exclude<DialOutcome, 'answered'>): Result {
  switch (outcome) {
    case 'busy':
    case 'rejected':
      return 'busy'
    case 'no-answer':
      return 'no_answer'
    case 'unreachable':
      return 'switched_off'
    case 'invalid':
      return 'invalid'
    case 'cancelled':
    case 'failed':
      return 'line_error'
  }
}

export function toProgress(result: Result): CallBackProgress {
  switch (result) {
    case 'reached_confirmed':
    case 'reached_heard':
    case 'reached_short':
    case 'asked_operator':
      return 'delivered'
    case 'busy':
      return 'busy'
    case 'no_answer':
    case 'switched_off':
      return 'no-answer'
    case 'invalid':
    case 'cancelled':
    case 'line_error':
      return 'failed'
  }
}

export function isRetried(result: Result): result is Retried {
  return (retried as readonly Result[]).includes(result)
}
