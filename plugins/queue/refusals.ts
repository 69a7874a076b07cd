import type { DialOutcome } from '#core/ports/telephony.ts'
import type { Refusal } from './engine-words.ts'

/** The exchange's outcomes as the queue counts them. */
export function toRefusal(outcome: DialOutcome): Refusal {
  switch (outcome) {
    case 'busy':
    case 'rejected':
      return outcome
    case 'unreachable':
    case 'invalid':
    case 'failed':
      return 'unreachable'
    default:
      return 'unanswered'
  }
}
