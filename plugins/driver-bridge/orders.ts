import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Dispatch, Order, Stage } from '#core/ports/dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'

/** What the dispatch program says now, never waited for longer than a caller may wait. */
export interface Orders {
  /** `none`: there is no such order. `unknown`: it could not say in time. */
  find(order: OrderId, signal: AbortSignal): Promise<Order | 'none' | 'unknown'>
  /** Every order of this number; none when it could not say in time. */
  of(phone: Phone, signal: AbortSignal): Promise<Order[]>
}

/** Milliseconds. */
const patience = 1_500

const withDriver: readonly Stage[] = ['assigned', 'driver_on_way', 'arrived', 'client_in_car', 'no_show']
const over: readonly Stage[] = ['done', 'cancelled_client', 'cancelled_company']

/** A driver has it. */
export function hasDriver(stage: string): boolean {
  return withDriver.some((each) => each === stage)
}

export function isOver(stage: string): boolean {
  return over.some((each) => each === stage)
}

export function openOrders({
  clock,
  dispatch,
  log,
}: {
  clock: Clock
  dispatch: Dispatch
  log: Logger
}): Orders {
  async function inTime<Answer, Other>(
    signal: AbortSignal,
    otherwise: Other,
    ask: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer | Other> {
    const late = new AbortController()
    const { promise: given, resolve: giveUp } = Promise.withResolvers<Other>()
    const relax = clock.after(patience, () => {
      late.abort(new Error(`no answer within ${patience} ms`))
      giveUp(otherwise)
    })
    const asked = ask(AbortSignal.any([signal, late.signal])).catch((thrown: unknown) => {
      if (!signal.aborted) log.warn({ reason: reasonOf(thrown) }, 'An order could not be looked up')
      return otherwise
    })
    try {
      return await Promise.race([asked, given])
    } finally {
      relax()
    }
  }

  return {
    find: (order, signal) =>
      inTime(signal, 'unknown' as const, async (until) => (await dispatch.findOrder(order, until)) ?? 'none'),
    of: (phone, signal) => inTime(signal, [], (until) => dispatch.findOrders(phone, until)),
  }
}
