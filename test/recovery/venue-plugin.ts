/** What an integrator writes: whoever rings from a venue gets a car, once. */
import { definePlugin, Type } from '#core/plugin.ts'
import type { Phone } from '#core/schema.ts'

export const plugin = definePlugin({
  name: 'venue',
  about: 'Orders a car for whoever rings.',
  settings: Type.Object({}, { default: {} }),

  start({ bus, cleanup, dispatch, intents }) {
    const closing = new AbortController()
    cleanup.defer(() => closing.abort(new Error('the house closes')))

    const ordering = intents.declare<{ key: string; phone: Phone }, string>('venue.order', {
      // The dispatch program knows the key of an order, so asking again is looking.
      find: async () => undefined,
      async perform({ key, phone }, signal) {
        const creation = await dispatch.createOrder(
          { key, phone, stops: [{ address: 'Main street 1' }] },
          signal,
        )
        return creation.outcome === 'refused' ? creation.because : creation.order
      },
    })

    bus.on('call.offered', async ({ call, from, again }) => {
      if (from === undefined || again) return
      await ordering.carryOut(
        { key: `venue:${call}`, call, data: { key: call, phone: from } },
        closing.signal,
      )
    })
  },
})
