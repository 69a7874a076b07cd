import { definePlugin } from '#core/plugin.ts'
import type { Cancellation } from '#core/ports/dispatch.ts'
import { isChased, type OrderDesk, tellOrder } from './flow.ts'
import { Settings } from './settings.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: 'order-status',
  about: 'Answers “where is my taxi” by voice, cancels, and joins the client with the driver.',
  settings: Settings,
  words,

  start({ bus, dispatch, intents, places, reception, settings }) {
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
      places,
      cancel: (order, { call, signal }) =>
        cancelling.carryOut(
          { key: `order.cancel:${order.id}:${call.id}`, call: call.id, data: { order: order.id } },
          signal,
        ),
    }

    reception.screen(async (call) => {
      const identity = await call.identity
      if (!identity.lookedUp) return 'welcome'
      const { kind, order } = identity.card
      if (!order || !isChased(order) || (kind !== 'client' && kind !== 'corporate')) return 'welcome'
      return {
        talk: (caller) => tellOrder(caller, order, desk),
        because: `order ${order.id} is ${order.stage}`,
      }
    })
  },
})
