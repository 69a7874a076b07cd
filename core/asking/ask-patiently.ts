import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { reasonOf } from '../errors.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { withDeadline } from './deadline.ts'

/** How long a caller who has been answered may wait for a neighbour, in milliseconds; nobody is left in silence for longer. */
const patience = 3_000

export interface PatientAsking {
  /**
   * The answer, or `silent` when there is none in time; only the caller's own end is thrown. What was begun may
   * go on by itself.
   */
  ask<Value>(
    request: string,
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<Value>,
  ): Promise<{ answer: Value } | 'silent'>
}

/** Questions of a conversation: whatever is wrong with the neighbour, the caller goes on. */
export function openPatientAsking({ clock, log }: { clock: Clock; log: Logger }): PatientAsking {
  return {
    async ask(request, signal, run) {
      try {
        const work = (until: AbortSignal) => unlessAborted(run(until), until)
        return { answer: await withDeadline(signal, { clock, milliseconds: patience, request }, work) }
      } catch (thrown) {
        signal.throwIfAborted()
        log.warn({ request, reason: reasonOf(thrown) }, 'A caller goes on without an answer')
        return 'silent'
      }
    },
  }
}
