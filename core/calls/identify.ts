import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import type { CallerCard, Dispatch } from '../ports/dispatch.ts'
import type { Phone } from '../schema.ts'
import type { Identity } from './call.ts'

/**
 * Asks the dispatch program who calls, never longer than the deadline. Questions about the same number
 * that are under way share one flight.
 */
export function openIdentification(options: {
  dispatch: Dispatch | undefined
  clock: Clock
  log: Logger
  /** Milliseconds. */
  deadline: number
}) {
  const { dispatch, clock, log, deadline } = options
  const flights = new Map<Phone, Promise<Identity>>()

  async function lookUp(phone: Phone, dispatch: Dispatch): Promise<Identity> {
    const late = new AbortController()
    const { promise: lateness, resolve: beLate } = Promise.withResolvers<Identity>()
    const relax = clock.after(deadline, () => {
      late.abort(new CallbusError('DISPATCH_LATE', { request: 'who is calling', milliseconds: deadline }))
      beLate({ lookedUp: false, because: 'late' })
    })
    try {
      return await Promise.race([lateness, answered(dispatch.identify(phone, late.signal))])
    } finally {
      relax()
      flights.delete(phone)
    }
  }

  async function answered(asking: Promise<CallerCard>): Promise<Identity> {
    try {
      return { lookedUp: true, card: await asking }
    } catch (thrown) {
      log.warn({ reason: reasonOf(thrown) }, 'The caller could not be looked up; the call goes on without')
      const isLate = thrown instanceof CallbusError && thrown.code === 'DISPATCH_LATE'
      return { lookedUp: false, because: isLate ? 'late' : 'failed' }
    }
  }

  return function identify(phone: Phone | undefined): Promise<Identity> {
    if (phone === undefined) return Promise.resolve({ lookedUp: false, because: 'withheld' })
    if (!dispatch) return Promise.resolve({ lookedUp: false, because: 'no-dispatch' })
    const flight = flights.get(phone) ?? lookUp(phone, dispatch)
    flights.set(phone, flight)
    return flight
  }
}
