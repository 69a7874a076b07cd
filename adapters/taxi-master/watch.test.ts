import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pino } from 'pino'
import { openAsker } from '#core/asking/asker.ts'
import { openHealth } from '#core/asking/health.ts'
import { keepDoing } from '#core/asking/keep-doing.ts'
import { openLine } from '#core/asking/line.ts'
import { type Clock, realClock } from '#core/clock.ts'
import type { DispatchEvent } from '#core/ports/dispatch.ts'
import { openTestClock } from '../../test/support/test-clock.ts'
import { openCommonApi } from './common-api.ts'
import { settingsFor } from './simulator/company.ts'
import { completed } from './simulator/connected.ts'
import { startTaxiMasterSimulator } from './simulator/simulator.ts'
import { openStateDirectory } from './states.ts'
import { openWatch } from './watch.ts'

const phone = '+380670000001'
const second = 1000
const minute = 60 * second
const unhurried = () => AbortSignal.timeout(20_000)

async function open(clock: Clock = realClock) {
  const cleanup = new AsyncDisposableStack()
  const simulator = await startTaxiMasterSimulator()
  cleanup.defer(() => simulator.stop())
  const settings = completed(settingsFor(simulator))
  const line = openLine(settings)
  cleanup.defer(() => line.close())
  const commonApi = openCommonApi(
    openAsker(
      line,
      openHealth(() => {}, { clock: realClock }),
    ),
    { key: settings.keys.commonApi },
  )
  const states = openStateDirectory(commonApi, settings)
  await states.refresh(unhurried())
  const reported: DispatchEvent[] = []
  const report = (event: DispatchEvent) => reported.push(event)
  const closing = new AbortController()
  const log = pino({ level: 'silent' })
  const watch = openWatch({ commonApi, states, clock, log, report, timeZone: 'UTC', signal: closing.signal })
  cleanup.defer(() => {
    closing.abort(new Error('the test is over'))
    return watch.settled()
  })

  /** What one look reports. */
  async function look() {
    reported.length = 0
    await watch.look(unhurried())
    return reported.map((event) => (event.name === 'order.stage-changed' ? [event.from, event.stage] : event))
  }
  return { simulator, watch, look, reported, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}

describe('watching the orders', () => {
  test('tells of a state of the site’s own also within a stage', async () => {
    await using world = await open()
    const { simulator, look, reported } = world
    const { id } = simulator.placeOrder({ phone, stateId: 7 })
    simulator.confirmOrder(id)
    await look()
    simulator.moveOrder(id, 24)
    assert.deepEqual(await look(), [['assigned', 'assigned']])
    assert.deepEqual(
      reported.map((event) => event.name === 'order.stage-changed' && event.stateName),
      ['Отзвонились'],
    )
    assert.deepEqual(await look(), [])
  })

  test('tells how orders moved that were told of in an earlier life, and nothing of the others', async () => {
    await using world = await open()
    const { simulator, watch, look } = world
    const moved = String(simulator.placeOrder({ phone, stateId: 10 }).id)
    const still = String(simulator.placeOrder({ phone, stateId: 10 }).id)
    simulator.placeOrder({ phone, stateId: 10 })
    const now = 'arrived'
    const at = Date.now() + minute
    watch.recall({ order: moved, stage: 'driver_on_way', stateName: 'on the way', at })
    watch.recall({ order: still, stage: now, stateName: 'Машина на месте', at: at - minute })
    watch.recall({ order: '999999', stage: now, stateName: 'Машина на месте', at: at - minute })
    assert.deepEqual(await look(), [
      ['driver_on_way', now],
      [now, 'cancelled_company'],
    ])
    assert.deepEqual(await look(), [])
  })

  test('tells of orders that came while nobody watched, and nothing of those that came before', async () => {
    await using world = await open()
    const { simulator, watch, look, reported } = world
    const place = (startedAt: number) =>
      Object.assign(simulator.placeOrder({ phone, stateId: 10 }), { startedAt })
    const watchedUntil = Date.now() - 10 * minute
    place(watchedUntil - minute)
    const meanwhile = place(watchedUntil + minute)
    watch.recall({ order: '999999', stage: 'done', stateName: 'Закрыта', at: watchedUntil })
    assert.deepEqual(await look(), [[undefined, 'arrived']])
    assert.equal(reported[0]?.name === 'order.stage-changed' && reported[0].order, String(meanwhile.id))
    assert.deepEqual(await look(), [])
  })

  test('tells how orders ended that came and ended while nobody watched, and when', async () => {
    await using world = await open()
    const { simulator, watch, look, reported } = world
    const watchedUntil = Date.now() - 10 * minute
    const place = (startedAt: number, ending: number, endedAt: number) => {
      const order = simulator.placeOrder({ phone, stateId: 1 })
      simulator.moveOrder(order.id, ending)
      return Object.assign(order, { startedAt, finishedAt: endedAt })
    }
    place(watchedUntil - minute, 4, watchedUntil - second)
    place(watchedUntil - minute, 4, watchedUntil + second)
    const done = place(watchedUntil + minute, 4, watchedUntil + 8 * minute)
    const noCar = place(watchedUntil + minute, 6, watchedUntil + 2 * minute)
    watch.recall({ order: '999999', stage: 'done', stateName: 'Закрыта', at: watchedUntil })
    assert.deepEqual(await look(), [
      [undefined, 'done'],
      [undefined, 'cancelled_company'],
    ])
    assert.deepEqual(
      reported.map((event) => event.name === 'order.stage-changed' && [event.order, event.endedAt]),
      [done, noCar].map(({ id, finishedAt }) => [String(id), Math.floor(finishedAt / second) * second]),
    )
    assert.deepEqual(await look(), [])
  })

  test('goes on watching though it cannot be learnt what ended meanwhile', async () => {
    await using world = await open()
    const { simulator, watch, look } = world
    const { id } = simulator.placeOrder({ phone, stateId: 1 })
    watch.recall({ order: String(id), stage: 'new', stateName: 'Принят', at: Date.now() - minute })
    simulator.misbehave({ nonsense: '?', only: 'get_finished_orders' })
    for (let time = 0; time < 3; time += 1) await assert.rejects(look())
    simulator.moveOrder(id, 10)
    assert.deepEqual(await look(), [['new', 'arrived']])
  })

  test('tells nothing of what was there before, and each change once', async () => {
    await using world = await open()
    const { simulator, look } = world
    const { id } = simulator.placeOrder({ phone, stateId: 1 })
    assert.deepEqual(await look(), [])

    simulator.moveOrder(id, 7)
    assert.deepEqual(await look(), [['new', 'searching']])
    simulator.confirmOrder(id)
    assert.deepEqual(await look(), [['searching', 'assigned']])
    assert.deepEqual(await look(), [])
    simulator.moveOrder(id, 1)
    assert.deepEqual(await look(), [['assigned', 'new']])
  })

  test('tells of a new order without a stage before', async () => {
    await using world = await open()
    await world.look()
    const { id } = world.simulator.placeOrder({ phone, stateId: 10 })
    await world.look()
    assert.deepEqual(world.reported, [
      { name: 'order.stage-changed', order: String(id), stage: 'arrived', stateName: 'Машина на месте' },
    ])
  })

  test('finds out how an order ended that left the list', async () => {
    await using world = await open()
    const { simulator, look } = world
    const orders = [4, 5, 6].map((ending) => ({
      ending,
      id: simulator.placeOrder({ phone, stateId: 10 }).id,
    }))
    await look()
    for (const { id, ending } of orders) simulator.moveOrder(id, ending)
    assert.deepEqual(await look(), [
      ['arrived', 'done'],
      ['arrived', 'cancelled_client'],
      ['arrived', 'cancelled_company'],
    ])
    assert.deepEqual(await look(), [])
  })

  test('takes a deleted order for cancelled by the company', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone, stateId: 7 })
    await world.look()
    world.simulator.deleteOrder(id)
    assert.deepEqual(await world.look(), [['assigned', 'cancelled_company']])
  })

  test('knows the driver’s agreement while the state stands', async () => {
    await using world = await open()
    const { simulator, watch } = world
    const { id } = simulator.placeOrder({ phone, stateId: 7, isConfirmed: false })
    await world.look()
    assert.equal(watch.detailsOf(String(id), 7), undefined)
    simulator.confirmOrder(id)
    await world.look()
    assert.equal(watch.detailsOf(String(id), 7)?.confirmed, 'confirmed_by_driver')
    assert.equal(watch.detailsOf(String(id), 10), undefined)
  })

  test('reads an order at once when told that something happened to it', async () => {
    await using world = await open()
    const { simulator, watch, look, reported } = world
    const { id } = simulator.placeOrder({ phone, stateId: 1 })
    await look()
    simulator.moveOrder(id, 10)
    for (let time = 0; time < 5; time += 1) watch.hint(String(id))
    await watch.settled()
    assert.deepEqual(
      reported.map((event) => event.name === 'order.stage-changed' && [event.from, event.stage]),
      [['new', 'arrived']],
    )
    assert.deepEqual(await look(), [])
  })

  test('looks a second time when the hint came before Taxi-Master’s own answers showed the change', async () => {
    const clock = openTestClock()
    await using world = await open(clock)
    const { simulator, watch, look, reported } = world
    const { id } = simulator.placeOrder({ phone, stateId: 1 })
    await look()
    watch.hint(String(id))
    await watch.settled()
    assert.deepEqual(reported, [])
    simulator.moveOrder(id, 10)
    await clock.advance(1000)
    await watch.settled()
    assert.equal(reported.length, 1)
    assert.equal(clock.pending, 0)
  })

  test('is not confused by hints about orders that never were, ended or were deleted', async () => {
    await using world = await open()
    const { simulator, watch, look } = world
    const { id } = simulator.placeOrder({ phone, stateId: 7 })
    await look()
    simulator.deleteOrder(id)
    watch.hint(String(id))
    watch.hint('999999')
    await watch.settled()
    assert.deepEqual(
      world.reported.map((event) => event.name === 'order.stage-changed' && event.stage),
      ['cancelled_company'],
    )
    watch.hint(String(id))
    await watch.settled()
    assert.equal(world.reported.length, 1)
    assert.deepEqual(await look(), [])
  })

  test('tells no stage of the past when a slow look comes back after a quick one', async () => {
    await using world = await open()
    const { simulator, watch, look, reported } = world
    const { id } = simulator.placeOrder({ phone, stateId: 1 })
    await look()
    let answer = () => {}
    const slow = simulator.misbehave({
      answerLater: new Promise((resolve) => (answer = () => resolve())),
      only: 'get_current_orders',
    })
    const looking = watch.look(unhurried())
    await simulator.asked('get_current_orders', 2)
    simulator.moveOrder(id, 10)
    watch.hint(String(id))
    await watch.settled()
    slow()
    answer()
    await looking
    await watch.settled()
    assert.deepEqual(
      reported.map((event) => event.name === 'order.stage-changed' && event.stage),
      ['arrived'],
    )
    assert.deepEqual(await look(), [])
  })

  test('goes on after a failed look', async () => {
    await using world = await open()
    const { simulator, watch } = world
    const { id } = simulator.placeOrder({ phone, stateId: 1 })
    await world.look()
    const failures: unknown[] = []
    const closing = new AbortController()
    simulator.misbehave({ nonsense: '?', times: 1 })
    simulator.moveOrder(id, 10)
    const clock = { ...realClock, sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() }
    let looks = 0
    const look = async (signal: AbortSignal) => {
      looks += 1
      await watch.look(signal)
      closing.abort(new Error('seen enough'))
    }
    await keepDoing(look, {
      clock,
      signal: closing.signal,
      pause: () => 5000,
      failed: (thrown) => failures.push(thrown),
    })
    assert.deepEqual([looks, failures.length, world.reported.length], [2, 1, 1])
  })
})
