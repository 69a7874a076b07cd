import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { CallerCard, Dispatch, Order } from '#core/ports/dispatch.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const driver = '+380501112233'
const here: Order = {
  id: '77',
  stage: 'driver_on_way',
  state: { id: '7', name: 'Водитель принял' },
  car: { make: 'Toyota' },
  minutes: 5,
  pickup: 'Садовая, 5',
  phoneToDial: client,
}
const later: Order = {
  id: '78',
  stage: 'new',
  state: { id: '1', name: 'Принят' },
  at: Date.UTC(2026, 0, 16, 8),
}
const inCar: Order = { ...here, id: '79', stage: 'client_in_car' }

async function open(t: TestContext, card: Partial<CallerCard>, dispatch: Partial<Dispatch>) {
  const app = await startTestApp(t, {
    plugin,
    dispatch: {
      identify: async () => ({ kind: 'client', category: 'normal', orders: 1, ...card }),
      findOrder: async (id) => [here, later, inCar].find((order) => order.id === id),
      ...dispatch,
    },
  })
  const told = () => app.factsNamed('call.told').map(({ data }) => data.text)
  return { app, told }
}

const twoOrders = { orders: 2, order: here }

test('who has several orders says by a key which he means', async (t) => {
  const { app, told } = await open(t, twoOrders, { findOrders: async () => [here, later, inCar] })
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), [
    'order-status.severalOrders',
    'order-status.orderByKey',
    'order-status.orderByKey',
    'order-status.orStay',
  ])
  await caller.presses('3')
  assert.equal(caller.hearing()?.[0], 'order-status.severalOrders', 'a key that means nothing')
  await caller.presses('2')
  assert.deepEqual(caller.hearing(), ['order-status.orderedFor', 'order-status.keysWithoutDriver'])
  assert.deepEqual(told().slice(1, 3), [
    'Садовая, five: press one.',
    'Tomorrow at ten o’clock in the morning: press two.',
  ])
})

test('who says of none of them what he means is brought to a person', async (t) => {
  const { app } = await open(t, twoOrders, { findOrders: async () => [here, later] })
  const caller = await app.ring({ from: client })
  await caller.hears()
  await app.clock.advance(5_000)
  await caller.hears()
  await app.clock.advance(5_000)
  assert.equal(await caller.reaches(), 'operators')
  assert.equal(app.factsNamed('call.waiting')[0]?.data.because, 'chose none of the orders')
})

test('of several orders the only one that can be told about is told at once', async (t) => {
  const { app } = await open(t, { orders: 2, order: inCar }, { findOrders: async () => [inCar, here] })
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), ['order-status.carComing', 'order-status.keysWithoutDriver'])
})

test('when none of several orders can be told about, a person answers', async (t) => {
  const { app } = await open(t, { orders: 2, order: inCar }, { findOrders: async () => [inCar] })
  const caller = await app.ring({ from: client })
  assert.equal(await caller.reaches(), 'operators')
})

for (const [how, findOrders] of Object.entries({
  'is down': () => Promise.reject(new Error('down')),
  'does not answer': (_phone: string, signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
})) {
  test(`when the dispatch program ${how}, the one order that is known is told`, async (t) => {
    const { app } = await open(t, twoOrders, { findOrders })
    const caller = await app.ring({ from: client })
    await app.clock.advance(1_500)
    assert.deepEqual(caller.hearing(), ['order-status.carComing', 'order-status.keysWithoutDriver'])
  })
}

test('a hang-up while the orders are looked up or chosen leaves nothing behind', async (t) => {
  const { app } = await open(t, twoOrders, {
    findOrders: (_phone, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  await (await app.ring({ from: client })).hangsUp()
  const chooser = await open(t, twoOrders, { findOrders: async () => [here, later] })
  await (await chooser.app.ring({ from: client })).hangsUp()
  for (const { exchange, factsNamed } of [app, chooser.app]) {
    assert.deepEqual(exchange.alive(), [])
    assert.equal(factsNamed('call.failed').length, 0)
  }
})

const drivers = {
  kind: 'driver',
  driverId: '5',
  order: { ...here, pickup: undefined },
} as unknown as CallerCard

test('a driver hears where his order is, and key 1 joins him with the client', async (t) => {
  const { app, told } = await open(t, drivers, {})
  app.exchange.phones.set(client, 'rings')
  const caller = await app.ring({ from: driver })
  assert.deepEqual(caller.hearing(), ['order-status.driversOrder', 'order-status.driverKeys'])
  await caller.presses('1')
  assert.equal(told()[0], 'Your order: Садовая, five.')
  await caller.hears()
  const clientsLeg = app.exchange.pickUp(client)
  await settled()
  assert.ok(clientsLeg?.talk)
  assert.equal(clientsLeg.talk, caller.leg.talk)
  assert.equal(clientsLeg.callerId, undefined, 'the driver’s number is not shown')
})

test('a driver whose client does not answer is brought to an operator', async (t) => {
  const { app } = await open(t, drivers, {})
  app.exchange.phones.set(client, 'busy')
  const caller = await app.ring({ from: driver })
  await caller.presses('1')
  assert.equal(await caller.reaches(), 'operators')
  assert.ok(caller.leg.heard.includes('order-status.clientUnavailable'))
})

test('a driver whose client cannot be called gets no key for him', async (t) => {
  const { phoneToDial: _nobody, ...withoutClient } = here
  const { app } = await open(t, drivers, { findOrder: async () => withoutClient })
  const caller = await app.ring({ from: driver })
  assert.deepEqual(caller.hearing(), ['order-status.driversOrder', 'order-status.driverKeysWithoutClient'])
  await caller.presses('1')
  await caller.presses('2')
  assert.equal(await caller.reaches(), 'operators')
})

test('a driver may hear it again, and is never counted as a client who chases', async (t) => {
  const { app } = await open(t, drivers, {})
  for (const _call of [1, 2]) {
    const caller = await app.ring({ from: driver })
    await caller.presses('9')
    assert.deepEqual(caller.hearing(), ['order-status.driversOrder', 'order-status.driverKeys'])
    await caller.hangsUp()
  }
})

test('a hang-up of a driver at any key leaves nothing behind', async (t) => {
  for (const keys of [[], ['9'], ['1'], ['2']]) {
    const { app } = await open(t, drivers, {})
    app.exchange.phones.set(client, 'rings')
    const caller = await app.ring({ from: driver })
    for (const key of keys) await caller.presses(key)
    await caller.hangsUp()
    assert.deepEqual(app.exchange.alive(), [], keys.join())
  }
})
