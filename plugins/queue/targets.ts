import type { SendOutcome } from './engine-words.ts'
import type { QueueSettings } from './settings.ts'

/** Where somebody goes whom the queue sends away; `undefined` when nothing is set for it. */
export function targetOf(
  queue: QueueSettings | undefined,
  outcome: SendOutcome,
  because: string,
): string | undefined {
  switch (outcome) {
    case 'timed_out':
      return queue?.whenTooLong
    case 'no_operators':
      return because === 'closed' ? queue?.whenClosed : queue?.whenNobody
    case 'overflowed':
      return because === 'the queue is full' ? queue?.whenFull : queue?.overflow?.to
  }
}
