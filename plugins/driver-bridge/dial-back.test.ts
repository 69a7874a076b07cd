import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { CallerCard, Dispatch, Order } from '#core/ports/dispatch.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const driver = '+380501112233'
const other = '+380671112233'
const [hiding, second] = ['+380443334456', '+380443334457']
const usual = '+380443334455'
const order: Order = {
  id: '77',
  stage: 'driver_on_way',
  state: { id: '7', name: 'Водитель принял' },
  driverPhone: driver,
  phoneToDial: client,
  pickup: 'Sadova, 5',
}
const nobody: CallerCard = { kind: 'unknown', category: 'normal', orders: 0 }
const minute = 60_000

async function open(t: TestContext, given: { settings?: object; dispatch?: Partial<Dispatch> } = {}) {
  const orders = new Map([[order.id, order]])
  const app = await startTestApp(t, {
    plugin,
    settings: { lines: [hiding], ...given.settings },
    dispatch: {
      identify: async () => nobody,
      findOrder: async (id) => orders.get(id),
      ...given.dispatch,
    },
  })
  for (const phone of [client, driver, other]) app.exchange.phones.set(phone, 'rings')
  return {
    ...app,
    rung: (phone: string) => app.exchange.alive().find((leg) => leg.to === phone && leg.direction === 'out'),
    /** The order is now so. */
    async is(now: Order) {
      orders.set(now.id, now)
      app.bus.publish('order.stage-changed', { order: now.id, stage: now.stage, stateName: '' })
      await settled()
    },
    async dials(from: string, to: string = hiding) {
      const caller = await app.ring({ from, to })
      const told = caller.hearing()
      await caller.hears()
      return { ...caller, told }
    },
    decisions: () => app.factsNamed('call.waiting').map(({ data }) => data.because),
  }
}

for (const [who, phone, partner, told] of [
  ['client', client, driver, 'driver-bridge.joiningWithDriver'],
  ['driver', driver, client, 'driver-bridge.joiningWithClient'],
] as const) {
  test(`the ${who} dials the number he sees and talks to his partner, who sees it too`, async (t) => {
    const house = await open(t)
    await house.is(order)
    const caller = await house.dials(phone)
    assert.deepEqual(caller.told, [told])
    assert.equal(house.rung(partner)?.callerId, hiding)
    house.exchange.pickUp(partner)
    await settled()
    assert.equal(caller.leg.talk, house.rung(partner)?.talk)
    assert.equal(house.factsNamed('call.about-order')[0]?.data.order, '77')
    await caller.hangsUp()
    assert.deepEqual(house.exchange.alive(), [])
  })
}

test('the two reach each other while the order lives and its grace lasts, afterwards an operator', async (t) => {
  const house = await open(t, { settings: { grace: 60, limits: { joins: 9 } } })
  await house.is(order)
  await house.is({ ...order, stage: 'done' })
  await house.clock.advance(59 * minute)
  const early = await house.dials(client)
  assert.ok(house.rung(driver))
  await early.hangsUp()
  await house.clock.advance(minute)
  await house.dials(client)
  assert.equal(house.rung(driver), undefined)
  assert.deepEqual(house.decisions(), ['order 77 is over'])
  assert.equal(house.factsNamed('call.about-order').at(-1)?.data.order, '77')
})

test('a third phone and a withheld number reach an operator', async (t) => {
  const house = await open(t)
  await house.is(order)
  await house.dials(other)
  await house.ring({ to: hiding })
  assert.deepEqual(house.decisions(), ['nobody has an order with this number', 'the number is withheld'])
})

test('a driver who has given the order back reaches an operator, not the client', async (t) => {
  const house = await open(t)
  await house.is(order)
  const { driverPhone: _, ...searching } = order
  await house.is({ ...searching, stage: 'searching' })
  await house.dials(driver)
  assert.equal(house.rung(client), undefined)
  assert.equal(house.decisions().length, 1)
})

test('a driver who lost the order without our hearing of it is told so', async (t) => {
  const house = await open(t, { dispatch: { findOrder: async () => now } })
  let now: Order = order
  await house.is(order)
  now = { ...order, driverPhone: other }
  const caller = await house.dials(driver)
  assert.equal(house.rung(client), undefined)
  assert.ok(caller.leg.heard.includes('driver-bridge.nobodyToJoin'))
  await house.dials(client)
  assert.ok(house.rung(other))
})

test('two orders of one driver have two numbers; a third shares one, and he is asked which', async (t) => {
  const house = await open(t, { settings: { lines: [hiding, second], limits: { joins: 9 } } })
  await house.is(order)
  await house.is({ ...order, id: '78', phoneToDial: other })
  const first = await house.dials(driver, hiding)
  assert.ok(house.rung(client))
  await first.hangsUp()
  const next = await house.dials(driver, second)
  assert.equal(house.rung(other)?.callerId, second)
  await next.hangsUp()

  await house.clock.advance(1)
  await house.is({ ...order, id: '79', phoneToDial: '+380671119999' })
  const caller = await house.ring({ from: driver, to: hiding })
  assert.deepEqual(caller.hearing(), ['driver-bridge.orderKey', 'driver-bridge.orderKey'])
  await caller.presses('2')
  await caller.hears()
  assert.ok(house.rung(client))
})

test('with a dispatch program that is slow or dead the remembered partner is reached', async (t) => {
  let isDead = false
  const house = await open(t, {
    dispatch: { findOrder: () => (isDead ? new Promise(() => undefined) : Promise.resolve(order)) },
  })
  await house.is(order)
  isDead = true
  await house.dials(client)
  await house.clock.advance(1_500)
  assert.ok(house.rung(driver))
})

test('who belongs together is found out when the dispatch program comes back', async (t) => {
  let isAway = true
  const house = await open(t, {
    dispatch: { findOrder: async () => (isAway ? Promise.reject(new Error('away')) : order) },
  })
  await house.is(order)
  isAway = false
  await house.clock.advance(5_000)
  await house.dials(client)
  assert.ok(house.rung(driver))
})

test('an order nobody told us of is found by the number that dials', async (t) => {
  const house = await open(t, {
    dispatch: { identify: async () => ({ kind: 'client', category: 'normal', orders: 1, order }) },
  })
  await house.dials(client)
  assert.ok(house.rung(driver))
})

test('key 2 and a silent partner bring an operator', async (t) => {
  const house = await open(t)
  await house.is(order)
  const caller = await house.dials(client)
  await caller.presses('2')
  assert.equal(house.rung(driver), undefined)
  await caller.hangsUp()

  house.exchange.phones.set(driver, 'busy')
  const unlucky = await house.dials(client)
  assert.equal(await unlucky.reaches(), 'operators')
  assert.deepEqual(unlucky.leg.heard.slice(-2), ['driver-bridge.driverSilent', 'driver-bridge.toOperator'])
})

test('a client who dials back too often reaches an operator', async (t) => {
  const house = await open(t, { settings: { limits: { joins: 2 } } })
  await house.is(order)
  for (let time = 0; time < 2; time += 1) await (await house.dials(client)).hangsUp()
  const caller = await house.dials(client)
  assert.equal(house.rung(driver), undefined)
  assert.ok(caller.leg.heard.includes('driver-bridge.tooOften'))
  assert.equal(await caller.reaches(), 'operators')
})

test('on any other line he reaches his partner only for a short time after we rang him', async (t) => {
  const house = await open(t, { settings: { lines: [], dialBack: 5 } })
  const plain = await house.dials(driver, usual)
  assert.equal(await plain.reaches(), 'operators')
  assert.equal(house.rung(client), undefined)
  await plain.hangsUp()

  house.bus.publish('join.requested', {
    request: 'one',
    phones: [client, driver],
    order: '77',
    parameters: [],
  })
  await settled()
  const ringing = house.rung(driver)
  if (ringing) house.exchange.hangUp(ringing)
  await house.clock.advance(30_000)
  const soon = await house.dials(driver, usual)
  assert.ok(house.rung(client))
  await soon.hangsUp()
  await house.clock.advance(5 * minute)
  await house.dials(driver, usual)
  assert.equal(house.rung(client), undefined)
})

test('whom nobody has rung gets what everybody gets on the usual line', async (t) => {
  const house = await open(t)
  await house.is(order)
  await house.dials(client, usual)
  assert.equal(house.rung(driver), undefined)
  assert.deepEqual(house.factsNamed('call.screened'), [])
})

test('a hang-up at any moment leaves nothing behind', async (t) => {
  for (const step of ['sentence', 'ringing', 'talk'] as const) {
    const house = await open(t)
    await house.is(order)
    const caller = await house.ring({ from: client, to: hiding })
    if (step !== 'sentence') await caller.hears()
    if (step === 'talk') house.exchange.pickUp(driver)
    await settled()
    await caller.hangsUp()
    assert.deepEqual(house.exchange.alive(), [], step)
    assert.equal(house.exchange.talks.size, 0)
  }
})
