/** What Callbus does with a caller of the bench: waits until he is known, says one sentence, hangs up. */
import { definePlugin, defineWords, Type } from '#core/plugin.ts'
import { longNumber } from '../numbers.ts'

/** Both are replaced by recorded files, so that every subject plays the same sound. */
const words = defineWords('bench', {
  short: { ru: 'Коротко.', uk: 'Коротко.', pl: 'Krótko.', en: 'Short.' },
  long: { ru: 'Долго.', uk: 'Довго.', pl: 'Długo.', en: 'Long.' },
})

/** Milliseconds from the fact that a call was offered to the fact of its decision. */
export const decisionTimes: number[] = []

const { promise: connected, resolve: connect } = Promise.withResolvers<void>()

/** Resolves when the exchange is connected and calls may come. */
export { connected }

export const plugin = definePlugin({
  name: 'bench',
  about: 'Says one sentence to an identified caller and hangs up.',
  settings: Type.Object({}),
  words,

  start({ bus, calls, reception }) {
    calls.onRecovered(connect)
    const offeredAt = new Map<string, number>()
    bus.on('call.offered', ({ call }) => void offeredAt.set(call, performance.now()))
    bus.on('call.screened', ({ by, call }) => {
      const since = offeredAt.get(call)
      if (by === 'bench' && since !== undefined) decisionTimes.push(performance.now() - since)
    })
    bus.on('call.ended', ({ call }) => void offeredAt.delete(call))

    reception.screen(async (call) => {
      const identity = await call.identity
      if (!identity.lookedUp) return { refuse: undefined, because: `not looked up: ${identity.because}` }
      const sentence = call.to === longNumber ? words.long : words.short
      return {
        async talk(caller) {
          await caller.say(sentence)
        },
        because: identity.card.kind,
      }
    })
  },
})
