import type { Clock } from '#core/clock.ts'
import type { Chance } from './chance.ts'
import type { Faults } from './faults.ts'
import type { AriAnswer, AriRequest } from './requests.ts'

export type Ask = (request: AriRequest) => Promise<AriAnswer>

/** Puts the faults between a wire and the exchange. `undefined`: the answer never comes. */
export function faultyAsk(
  ask: Ask,
  { faults, clock, chance }: { faults: Faults; clock: Clock; chance: Chance },
) {
  return async (request: AriRequest): Promise<AriAnswer | undefined> => {
    const seen = { method: request.method, path: request.uri.split('?')[0] ?? '' }
    const delay = faults.delayOf(seen)
    if (delay > 0) await clock.sleep(delay)
    const refusal = faults.refusalOf(seen)
    if (refusal) return { status: refusal.status, body: { message: refusal.message } }
    const isSwallowed = faults.swallows(seen)
    const answer = await ask(request)
    // Asterisk promises no order between an answer and the events it causes.
    if (chance.next() < 0.1) await new Promise<void>((resolve) => setImmediate(resolve))
    return isSwallowed ? undefined : answer
  }
}

export const reasons: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
  500: 'Internal Server Error',
}
