import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { definePlugin, type Plugin, Type } from '#core/plugin.ts'
import type { CallerCard, Cancellation, Dispatch, Order } from '#core/ports/dispatch.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const driver = '+380501112233'
const onItsWay: Order = {
  id: '77',
  stage: 'driver_on_way',
  state: { id: '7', name: 'Водитель принял' },
  car: { colour: 'белый', make: 'Toyota', plate: 'АА1234ВВ' },
  minutes: 5,
  driverPhone: driver,
}

async function open(
  t: TestContext,
  given: { order?: Order; card?: Partial<CallerCard>; dispatch?: Partial<Dispatch>; beside?: Plugin[] } = {},
) {
  const order = 'order' in given ? given.order : onItsWay
  const card: CallerCard = {
    kind: 'client',
    category: 'normal',
    orders: 1,
    ...(order ? { order } : {}),
    ...given.card,
  }
  const cancelled: string[] = []
  const app = await startTestApp(t, {
    plugin,
    beside: given.beside ?? [],
    dispatch: {
      identify: async () => card,
      findOrder: async () => order,
      async cancelOrder(id): Promise<Cancellation> {
        cancelled.push(id)
        return 'cancelled'
      },
      ...given.dispatch,
    },
  })
  return { app, cancelled }
}

test('a client with a car hears it and the keys, then silence brings an operator', async (t) => {
  const { app } = await open(t)
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), ['order-status.carComing', 'order-status.keys'])
  await caller.hears()
  await app.clock.advance(5_000)
  assert.equal(await caller.reaches(), 'operators')
})

test('nine says it again, and not for ever', async (t) => {
  const { app } = await open(t)
  const caller = await app.ring({ from: client })
  await caller.presses('9')
  assert.deepEqual(caller.hearing(), ['order-status.carComing', 'order-status.keys'])
  await caller.presses('9')
  await caller.presses('9')
  assert.equal(await caller.reaches(), 'operators')
})

test('zero asks once, and a second zero cancels exactly once', async (t) => {
  const { app, cancelled } = await open(t)
  const caller = await app.ring({ from: client })
  await caller.presses('0')
  assert.deepEqual(caller.hearing(), ['order-status.confirmCancel'])
  assert.deepEqual(cancelled, [])
  await caller.presses('0')
  await settled()
  assert.deepEqual(cancelled, ['77'])
  assert.deepEqual(caller.hearing(), ['order-status.cancelled'])
  await caller.hears()
  assert.equal(caller.leg.ended, 'normal')
  assert.equal(app.factsNamed('order.cancelled').length, 1)
  assert.equal(app.factsNamed('call.ended')[0]?.data.result, 'self_served')
})

test('silence after the question cancels nothing and brings an operator', async (t) => {
  const { app, cancelled } = await open(t)
  const caller = await app.ring({ from: client })
  await caller.presses('0')
  await caller.hears()
  await app.clock.advance(5_000)
  assert.equal(await caller.reaches(), 'operators')
  assert.deepEqual(cancelled, [])
})

test('a refused cancellation is said so and brings an operator', async (t) => {
  const { app } = await open(t, { dispatch: { cancelOrder: async () => 'refused' } })
  const caller = await app.ring({ from: client })
  await caller.presses('0')
  await caller.presses('0')
  await settled()
  assert.deepEqual(caller.hearing(), ['order-status.cannotCancel'])
  assert.equal(await caller.reaches(), 'operators')
})

test('a dispatch program that breaks while cancelling brings an operator', async (t) => {
  const { app } = await open(t, { dispatch: { cancelOrder: () => Promise.reject(new Error('down')) } })
  const caller = await app.ring({ from: client })
  await caller.presses('0')
  await caller.presses('0')
  await settled()
  assert.equal(await caller.reaches(), 'operators')
  assert.equal(app.factsNamed('call.failed').length, 1)
})

test('one rings the driver with the company’s number and joins the two', async (t) => {
  const { app } = await open(t)
  app.exchange.phones.set(driver, 'rings')
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  await caller.hears()
  const driversLeg = app.exchange.pickUp(driver)
  await settled()
  assert.equal(driversLeg?.callerId, undefined, 'the client’s number is not shown')
  assert.equal(driversLeg?.talk, caller.leg.talk)
  await caller.hangsUp()
  assert.deepEqual(app.exchange.alive(), [])
})

test('a driver who does not answer brings an operator', async (t) => {
  const { app } = await open(t)
  app.exchange.phones.set(driver, 'busy')
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  assert.equal(await caller.reaches(), 'operators')
  assert.ok(caller.leg.heard.includes('order-status.driverUnavailable'))
})

test('without a car the client hears that there is none yet, and no driver key', async (t) => {
  const { app } = await open(t, {
    order: { id: '8', stage: 'searching', state: { id: '1', name: 'Принят' } },
  })
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), ['order-status.noCarYet', 'order-status.keysWithoutDriver'])
})

for (const [who, given] of Object.entries({
  'a client without an order': { order: undefined },
  'a client already in the car': { order: { ...onItsWay, stage: 'client_in_car' as const } },
  'a driver without an order': { order: undefined, card: { kind: 'driver' as const } },
})) {
  test(`${who} goes straight to a person`, async (t) => {
    const { app } = await open(t, given as Parameters<typeof open>[1])
    const caller = await app.ring({ from: client })
    assert.equal(await caller.reaches(), 'operators')
    assert.deepEqual(caller.leg.heard, [])
  })
}

test('a hang-up at any key leaves nothing behind and cancels nothing', async (t) => {
  for (const keys of [[], ['9'], ['0'], ['1'], ['2'], ['9', '0']]) {
    const { app, cancelled } = await open(t)
    app.exchange.phones.set(driver, 'rings')
    const caller = await app.ring({ from: client })
    for (const key of keys) await caller.presses(key)
    await caller.hangsUp()
    assert.deepEqual(app.exchange.alive(), [], keys.join())
    assert.equal(app.exchange.talks.size, 0)
    assert.deepEqual(cancelled, [])
  }
})

test('one leads to the place that joins the two of this order, where there is one', async (t) => {
  const bridge = definePlugin({
    name: 'driver-bridge',
    about: 'Says that he is there.',
    settings: Type.Object({}, { default: {} }),
    start: ({ places }) =>
      places.offer('driver-bridge', async (caller, { because }) => {
        caller.waitsAt('driver-bridge', because)
        await caller.press('hang up')
      }),
  })
  const { app } = await open(t, { beside: [bridge] })
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  assert.equal(await caller.reaches(), 'driver-bridge')
  assert.equal(app.factsNamed('call.about-order')[0]?.data.order, '77')
  assert.equal(app.exchange.alive().length, 1, 'nobody else was rung')
})
