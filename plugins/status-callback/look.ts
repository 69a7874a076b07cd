import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Services } from '#core/plugin.ts'
import type { Order } from '#core/ports/dispatch.ts'
import type { Moment, Phone } from '#core/schema.ts'
import type { Delays } from './delays.ts'
import type { Notices } from './notices.ts'
import type { Orders } from './orders.ts'
import { endOfQuiet, sinceMidnight } from './quiet-hours.ts'
import type { Result } from './results.ts'
import { holds, type Rule, toCarMark } from './rules.ts'
import type { Settings } from './settings.ts'
import type { Notice } from './tables.ts'

/** Somebody may be rung now. */
export interface Ready {
  phone: Phone
  /** The number of the line in whose name. */
  line: string | undefined
  order: Order | undefined
  car: string
}

export interface Look {
  /** Immediately before each try: how the order stands, and whether anything speaks against it. */
  (
    notice: Notice,
    rule: Rule,
    signal: AbortSignal,
  ): Promise<Ready | { result: Result; because: string } | { waitUntil: Moment }>
  /** Why the order is not as it was; `undefined` while it is, or when nobody can say. */
  moved(notice: Notice, rule: Rule, signal: AbortSignal): Promise<string | undefined>
  /** Seconds. */
  ringFor(rule: Rule, phone: Phone): number
}

/** An order that cannot be read now is read again after so many milliseconds; nobody is rung meanwhile. */
const readAgainAfter = 10_000
/** A phone that we have on the line already is looked at again after so many. */
const freeAgainAfter = 5_000

const noOrder = 'there is no such order any more'

export function openLook(parts: {
  calls: Pick<Services['calls'], 'live'>
  clock: Clock
  delays: Pick<Delays, 'isLate'>
  notices: Pick<Notices, 'callsSince' | 'lineOf'>
  orders: Orders
  phones: Services['phones']
  settings: Pick<Settings, 'perDay'>
  timeZone: string
}): Look {
  const { calls, clock, delays, notices, orders, phones, settings, timeZone } = parts
  const nobody = (because: string) => ({ result: 'cancelled', because }) as const

  async function look(notice: Notice, rule: Rule, signal: AbortSignal): ReturnType<Look> {
    if (clock.now() >= notice.expires_at) return nobody('it took too long to reach him')
    let order: Order | undefined
    if (notice.order_id !== null) {
      try {
        order = await orders.read(notice.order_id, signal)
      } catch (thrown) {
        if (signal.aborted) throw thrown
        const until = clock.now() + readAgainAfter
        return until < notice.expires_at
          ? { waitUntil: until }
          : nobody(`the order could not be read: ${reasonOf(thrown)}`)
      }
      if (!order) return nobody(noOrder)
      if (!holds(rule, notice.stage, order)) return nobody(`the order is ${order.stage}`)
      if (rule.on === 'delayed' && !notice.is_asked && !(await delays.isLate(order)))
        return nobody('the car is in time')
    }

    const phone = notice.phone ?? order?.phoneToDial
    if (phone === undefined) return { result: 'invalid', because: 'the order has no phone to call' }
    if (!notice.is_urgent) {
      const refusal = await refused(rule, phone)
      if (refusal) return refusal
    }
    // He would be busy, by our own doing.
    if (calls.live().some(({ from }) => from === phone)) return { waitUntil: clock.now() + freeAgainAfter }
    const line = rule.line ?? (await notices.lineOf(phone))
    return { phone, line, order, car: order ? toCarMark(order) : '' }
  }

  async function refused({ quietHours }: Rule, phone: Phone) {
    const now = clock.now()
    const quietUntil = quietHours && endOfQuiet(now, quietHours, timeZone)
    if (quietUntil !== undefined)
      return quietHours?.meanwhile === 'drop' ? nobody('quiet hours') : { waitUntil: quietUntil }
    const today = await notices.callsSince(phone, now - sinceMidnight(now, timeZone))
    return today >= settings.perDay ? nobody(`called ${today} times today`) : undefined
  }

  async function moved({ order_id: id, stage }: Notice, rule: Rule, signal: AbortSignal) {
    if (id === null) return undefined
    const order = await orders.read(id, signal).catch(() => 'unknown' as const)
    if (order === 'unknown') return undefined
    return order ? (holds(rule, stage, order) ? undefined : `the order is ${order.stage}`) : noOrder
  }

  return Object.assign(look, {
    moved,
    ringFor: ({ ringFor }: Rule, phone: Phone) => ringFor[phones.kindOf(phone)],
  })
}
