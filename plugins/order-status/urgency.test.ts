import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Order, stages } from '#core/ports/dispatch.ts'
import { languages } from '#core/schema.ts'
import { minutesLeft } from './reading.ts'
import { inStory, onCard, whyAPerson } from './urgency.ts'

const minute = 60_000
const settings = { voiceCalls: 1, promiseGrace: 1, laterFrom: 15 }
const moment = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 })
const around = (now: number) =>
  fc.option(fc.integer({ min: now - 3_600_000, max: now + 3_600_000 }), { nil: undefined })

const situation = moment.chain((now) =>
  fc.record({
    now: fc.constant(now),
    stage: fc.constantFrom(...stages),
    at: around(now),
    promisedAt: around(now),
    calls: fc.nat(3),
  }),
)

test('a person answers exactly when a promise is broken or the voice has answered often enough', () => {
  fc.assert(
    fc.property(situation, ({ now, stage, at, promisedAt, calls }) => {
      const order: Order = { id: '1', stage, state: { id: '1', name: '' }, ...(at !== undefined && { at }) }
      const told = { calls, ...(promisedAt !== undefined && { promisedAt }) }
      const reason = whyAPerson(order, told, { now, settings })

      const isForLater = at !== undefined && at > now + 15 * minute
      const isOverdue = [at, promisedAt].some((promise) => promise !== undefined && promise < now - minute)
      const isBroken = isOverdue && stage !== 'arrived'
      const expected = isForLater ? undefined : isBroken ? 'late' : calls >= 1 ? 'again' : undefined
      assert.equal(reason?.is, expected)
      if (!reason) return
      assert.match(inStory(reason, order, 'Europe/Kyiv'), /order 1/)
      for (const language of languages) assert.match(onCard(reason, 'Europe/Kyiv', language).text, /\d/)
    }),
  )
})

test('minutes never grow while nothing new is read, and never fall below none', () => {
  fc.assert(
    fc.property(fc.nat(120), moment, fc.array(fc.nat(600_000)), (minutes, readAt, pauses) => {
      const order: Order = { id: '1', stage: 'assigned', state: { id: '7', name: '' }, minutes }
      let now = readAt
      let last = minutes
      for (const pause of pauses) {
        now += pause
        const left = minutesLeft({ order, readAt }, now) ?? Number.NaN
        assert.ok(left >= 0 && left <= last)
        assert.ok(
          left * minute >= minutes * minute - (now - readAt),
          'what is told is long rather than short',
        )
        last = left
      }
    }),
  )
})
