import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { pino } from 'pino'
import { type Clock, realClock } from '#core/clock.ts'
import { startPassengers } from './passengers.ts'
import { type RingOrder, startAriSimulator } from './simulator.ts'

/** Time that runs two hundred times as fast. */
const hurried: Clock = {
  now: realClock.now,
  sleep: (milliseconds, signal) => realClock.sleep(milliseconds / 200, signal),
  after: (milliseconds, callback) => realClock.after(milliseconds / 200, callback),
}

async function watch(t: TestContext, seed: number, enough: number) {
  const exchange = await startAriSimulator({ clock: hurried, log: pino({ level: 'silent' }) })
  const rung: RingOrder[] = []
  let most = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const passengers = startPassengers({
    clock: hurried,
    seed,
    exchange: {
      phone: exchange.phone,
      ring(order) {
        rung.push(order)
        most = Math.max(most, passengers.calling.length + 1)
        if (rung.length === enough) resolve()
        return exchange.ring(order)
      },
    },
  })
  t.after(() => exchange.stop())
  await promise
  await passengers.stop()
  const alive = exchange.alive()
  return { rung, most, alive }
}

test('passengers call at a bounded pace and all hang up at the end', async (t) => {
  const { rung, most, alive } = await watch(t, 7, 30)
  assert.ok(most <= 6)
  assert.ok(new Set(rung.map(({ from }) => from)).size > 10)
  assert.deepEqual(alive.channels, [])
})

test('the same seed makes the same people call first', async (t) => {
  const [first, second] = [await watch(t, 3, 5), await watch(t, 3, 5)]
  assert.deepEqual(first.rung.slice(0, 5), second.rung.slice(0, 5))
})
