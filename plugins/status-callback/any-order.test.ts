/** Stage facts come twice, late, not at all, in any order; how the order stands is the truth. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Stage } from '#core/ports/dispatch.ts'
import { openCalledTown } from '../../test/support/called-town.ts'
import { client } from '../../test/support/town.ts'

const told: Stage[] = [
  'searching',
  'assigned',
  'driver_on_way',
  'arrived',
  'client_in_car',
  'cancelled_company',
]
const rules = {
  assigned: {},
  arrived: {},
  delayed: {},
  no_car: { on: 'searching', after: 30, say: 'no_car' },
  cancelled: { on: 'cancelled_company' },
}
const most = { busy: 3, 'no-answer': 2, invalid: 1 }

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ moves: fc.constantFrom(...told) }) },
  { weight: 5, arbitrary: fc.record({ tells: fc.constantFrom(...told) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      asks: fc.constantFrom('assigned', 'arrived'),
      request: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ passes: fc.integer({ min: 0, max: 100 }) }) },
  { weight: 2, arbitrary: fc.record({ phone: fc.constantFrom('busy', 'no-answer', 'invalid') }) },
  { weight: 1, arbitrary: fc.constant({ isAway: true }) },
  { weight: 2, arbitrary: fc.constant({ isAway: false }) },
)

test('whatever is told, each try of a rule is one call, made while the order stood so, and no more than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      await using house = await openProperHouse()
      const { app, town } = house
      const stood: string[] = []
      const asked = new Set<string | undefined>(steps.map((step) => ('asks' in step ? step.asks : undefined)))
      app.bus.on('call.placed', () => void stood.push(town.orders.get('7')?.stage ?? ''))

      for (const step of steps) {
        if ('moves' in step) town.stands('7', step.moves)
        else if ('tells' in step) await house.tells(step.tells)
        else if ('asks' in step)
          await house.asks({ action: step.asks, script: step.asks, request: step.request })
        else if ('passes' in step) await app.clock.advance(step.passes * 1_000)
        else if ('phone' in step) house.becomes(step.phone, client)
        else if (step.isAway) town.breakDown()
        else town.repair()
      }
      town.repair()
      await app.clock.advance(60 * 60_000)

      const placed = house.placed()
      for (const [index, { about }] of placed.entries())
        assert.ok(asked.has(about.rule) || fits(about.rule ?? '', stood[index] ?? ''))
      const calls = placed.map(({ about }) => `${about.rule} ${about.attempt}`)
      assert.deepEqual(calls, [...new Set(calls)], 'one call per rule and try')
      for (const rule of Object.keys(rules)) {
        const results = house.told().filter((each) => each.rule === rule)
        assert.ok(results.filter(({ result }) => result === 'busy').length <= most.busy)
        assert.ok(results.filter(({ result }) => result === 'no_answer').length <= most['no-answer'])
        assert.ok(results.filter(({ result }) => result === 'invalid').length <= most.invalid)
      }
      assert.ok(app.clock.pending <= 1, 'nothing goes on for ever but the watch over a promised car')
    }),
    { numRuns: 60 },
  )
})

function fits(rule: string, stage: string): boolean {
  if (rule === 'delayed') return stage === 'assigned' || stage === 'driver_on_way'
  return stage === { no_car: 'searching', cancelled: 'cancelled_company' }[rule] || stage === rule
}

async function openProperHouse() {
  const cleanup = new AsyncDisposableStack()
  const house = await openCalledTown(
    { after: (close) => cleanup.defer(close as () => Promise<void>) },
    { settings: { rules, perDay: 1000 } },
  )
  house.becomes('busy')
  house.town.stands('7', 'searching')
  return { ...house, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}
