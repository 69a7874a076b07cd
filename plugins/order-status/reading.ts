import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import { firstOf } from '#core/plugin.ts'
import type { Dispatch, Order } from '#core/ports/dispatch.ts'
import type { Moment, Phone } from '#core/schema.ts'

/** An order as it was at a moment: what it says of minutes is true of that moment. */
export interface Sighting {
  order: Order
  readAt: Moment
}

export interface Reading {
  /** The order as it is now, as far as it can be learned in time; `undefined` when there is none any more. */
  fresh(seen: Sighting, signal: AbortSignal): Promise<Sighting | undefined>
  /** All orders of a number; `undefined` when nobody could say in time. */
  ordersOf(phone: Phone, signal: AbortSignal): Promise<Sighting[] | undefined>
}

/** How long a caller may wait for it, in milliseconds. */
const patience = 1_500
/** An order that has a car and no minutes yet has them soon. */
const minutesComeAfter = 3_000
const minute = 60_000

export function openReading(options: {
  dispatch: Pick<Dispatch, 'findOrder' | 'findOrders'>
  clock: Clock
  log: Logger
  /** Milliseconds. */
  freshFor: number
}): Reading {
  const { dispatch, clock, log, freshFor } = options

  async function inTime<Value>(
    outer: AbortSignal,
    ask: (signal: AbortSignal) => Promise<Value>,
  ): Promise<{ answer: Value } | undefined> {
    try {
      const first = await firstOf(outer, { answer: ask, late: (signal) => clock.sleep(patience, signal) })
      return first.won === 'answer' ? { answer: first.value as Value } : undefined
    } catch (thrown) {
      outer.throwIfAborted()
      log.warn({ reason: reasonOf(thrown) }, 'An order could not be read again')
      return undefined
    }
  }

  const sighted = (order: Order): Sighting => ({ order, readAt: clock.now() })

  return {
    async fresh(seen, signal) {
      const isIncomplete = isWithCar(seen.order) && seen.order.minutes === undefined
      const age = clock.now() - seen.readAt
      if (age < (isIncomplete ? minutesComeAfter : freshFor)) return seen

      const found = await inTime(signal, (until) => dispatch.findOrder(seen.order.id, until))
      if (!found) return seen
      return found.answer && sighted(found.answer)
    },

    async ordersOf(phone, signal) {
      const found = await inTime(signal, (until) => dispatch.findOrders(phone, until))
      return found?.answer.map(sighted)
    },
  }
}

function isWithCar({ stage }: Order): boolean {
  return stage === 'assigned' || stage === 'driver_on_way'
}

/** Minutes count down from when they were read; a begun one counts, because a promise is better long than broken. */
export function minutesLeft({ order, readAt }: Sighting, now: Moment): number | undefined {
  if (order.minutes === undefined) return undefined
  return Math.max(0, Math.ceil(order.minutes - (now - readAt) / minute))
}
