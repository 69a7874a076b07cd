import { schedule } from 'node-cron'
import { reasonOf } from '#core/errors.ts'
import { definePlugin } from '#core/plugin.ts'
import type { Cancellation } from '#core/ports/dispatch.ts'
import { languages } from '#core/schema.ts'
import { tellOneOfSeveral } from './choice.ts'
import type { OrderDesk } from './desk.ts'
import { tellDriver } from './driver-flow.ts'
import { isChased, promiseOf, tellOrder } from './flow.ts'
import { openReading } from './reading.ts'
import { Settings } from './settings.ts'
import { migrations, type OrderStatusTables } from './tables.ts'
import { openTellings } from './tellings.ts'
import { isForLater, onCard, whyAPerson } from './urgency.ts'
import { words } from './words.ts'

/** What was told of an order is history after so long, in milliseconds; it is removed at night. */
const toldKept = 3 * 24 * 60 * 60 * 1000
const forgetAt = '25 4 * * *'
/** The place that joins client and driver better than we do, where the company has it. */
const bridge = 'driver-bridge'

export const plugin = definePlugin({
  name: 'order-status',
  about: 'Answers “where is my taxi” by voice, cancels, and joins the client with the driver.',
  settings: Settings,
  words,
  migrations,

  start({ bus, cleanup, clock, database, dispatch, intents, log, places, reception, settings, site }) {
    const tellings = openTellings(database.withTables<OrderStatusTables>())
    const forgetting = schedule(forgetAt, () => noted(tellings.forget(clock.now() - toldKept)))
    cleanup.defer(() => forgetting.destroy())

    const cancelling = intents.declare<{ order: string }, Cancellation>('order.cancel', {
      async find({ order }, signal) {
        const found = await dispatch.findOrder(order, signal)
        return found && ['cancelled_client', 'cancelled_company'].includes(found.stage)
          ? 'cancelled'
          : undefined
      },
      perform: ({ order }, signal) => dispatch.cancelOrder(order, signal),
      settled({ order }, cancellation, call) {
        if (cancellation !== 'cancelled') return
        bus.publish('order.cancelled', { order, by: 'order-status', ...(call === undefined ? {} : { call }) })
      },
    })

    const desk: OrderDesk = {
      settings,
      timeZone: site.timeZone,
      now: clock.now,
      ...openReading({ dispatch, clock, log, freshFor: settings.freshFor * 1_000 }),

      cancel: (order, { call, signal }) =>
        cancelling.carryOut(
          { key: `order.cancel:${order.id}:${call.id}`, call: call.id, data: { order: order.id } },
          signal,
        ),

      async whyAPerson(order, { call }) {
        const told = (await noted(tellings.of(order.id, call.id))) ?? { calls: 0 }
        return whyAPerson(order, told, { now: clock.now(), settings })
      },

      async remember(seen, { call }) {
        const now = clock.now()
        if (isForLater(seen.order, now, settings)) return
        const promisedAt = promiseOf(seen, now)
        await noted(tellings.note({ order: seen.order.id, call: call.id, at: now, promisedAt }))
      },

      async bridge({ id }, caller) {
        if (!places.has(bridge)) return false
        bus.publish('call.about-order', { call: caller.call.id, order: id, by: 'order-status' })
        await caller.transferTo(bridge, `asked for the other one of order ${id}`)
        return true
      },

      showCard(order, reason, { signal }) {
        if (settings.cardSeconds === 0 || !dispatch.capabilities.has('raiseCard')) return
        const { title, text } = onCard(reason, site.timeZone, languageOf(site.language))
        const card = { title, text, kind: 'warning', seconds: settings.cardSeconds, order: order.id } as const
        void noted(dispatch.raiseCard(card, signal), signal)
      },
    }

    reception.screen(async (call) => {
      const identity = await call.identity
      if (!identity.lookedUp) return 'welcome'
      const { kind, order, orders } = identity.card
      const seen = order && { order, readAt: clock.now() }

      if (kind === 'driver' && settings.drivers && seen) {
        return {
          talk: (caller) => tellDriver(caller, seen, desk),
          because: `a driver with order ${seen.order.id}`,
        }
      }
      // Most passengers are nobody's registered client; having an order is enough.
      if (kind === 'driver') return 'welcome'
      if (orders > 1)
        return { talk: (caller) => tellOneOfSeveral(caller, seen, desk), because: `${orders} orders` }
      if (!seen || !isChased(seen.order)) return 'welcome'
      return {
        talk: (caller) => tellOrder(caller, seen, desk),
        because: `order ${seen.order.id} is ${seen.order.stage}`,
      }
    })

    /** What a caller should not suffer from: it is written to the log, and he is served without it. */
    async function noted<Value>(work: Promise<Value>, signal?: AbortSignal): Promise<Value | undefined> {
      try {
        return await work
      } catch (thrown) {
        if (!signal?.aborted)
          log.error(
            { reason: reasonOf(thrown), err: thrown },
            'Something beside the conversation failed; the caller was served without it',
          )
        return undefined
      }
    }
  },
})

function languageOf(name: string) {
  return languages.find((each) => each === name) ?? 'en'
}
