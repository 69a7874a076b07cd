import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { CallerCard, Dispatch, Order } from '#core/ports/dispatch.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'
import type { BridgeTables } from './tables.ts'

const client = '+380671234567'
const driver = '+380501112233'
const order: Order = {
  id: '77',
  stage: 'arrived',
  state: { id: '10', name: 'Машина на месте' },
  driverPhone: driver,
  phoneToDial: client,
}

interface Given {
  order?: Order | undefined
  settings?: object
  dispatch?: Partial<Dispatch>
}

async function open(t: TestContext, given: Given = {}) {
  const found = 'order' in given ? given.order : order
  const card: CallerCard = {
    kind: 'client',
    category: 'normal',
    orders: 1,
    ...(found ? { order: found } : {}),
  }
  const app = await startTestApp(t, {
    plugin,
    settings: given.settings,
    dispatch: {
      identify: async (phone) => (phone === driver ? { ...card, kind: 'driver' } : card),
      findOrder: async (id) => (id === found?.id ? found : undefined),
      findOrders: async () => (found ? [found] : []),
      ...given.dispatch,
    },
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'olena' } } })
  })
  const { exchange } = app
  exchange.phones.set(driver, 'rings').set(client, 'rings')
  const rung = (phone: string) => exchange.alive().find((leg) => leg.to === phone && leg.direction === 'out')
  return {
    ...app,
    rung,
    async wish(by: 'command' | 'stage' | 'dispatch' = 'dispatch', request = 'one') {
      if (by === 'stage')
        app.bus.publish('order.stage-changed', { order: '77', stage: 'arrived', stateName: '' })
      if (by === 'dispatch')
        app.bus.publish('join.requested', { request, phones: [client, driver], order: '77', parameters: [] })
      if (by === 'command')
        await app.http.inject({ method: 'POST', url, payload: { order: '77', key: request } })
      await settled()
    },
    async hears(phone: string) {
      const leg = rung(phone)
      const saying = leg?.playing?.media
      leg?.playing?.finish()
      await settled()
      return saying
    },
    async picksUp(phone: string) {
      exchange.pickUp(phone)
      await settled()
    },
    async outcomes() {
      const rows = app.database.withTables<BridgeTables>().selectFrom('driver_bridge_joins')
      return (await rows.selectAll().execute()).map(({ outcome }) => outcome)
    },
  }
}

const url = '/api/plugins/driver-bridge/joins'

for (const by of ['command', 'stage', 'dispatch'] as const) {
  test(`the driver is rung first, then the client, and both talk (by ${by})`, async (t) => {
    const house = await open(t, { settings: { joinAt: ['arrived'] } })
    await house.wish(by)
    assert.ok(house.rung(driver))
    assert.equal(house.rung(client), undefined)
    await house.picksUp(driver)
    assert.deepEqual(await house.hears(driver), ['driver-bridge.joiningWithClient'])
    assert.ok(house.rung(driver)?.hasMusic)
    await house.picksUp(client)
    assert.ok(house.rung(driver)?.talk)
    assert.equal(house.rung(driver)?.talk, house.rung(client)?.talk)
    const [about] = house.factsNamed('call.about-order')
    const [placed] = house.factsNamed('call.placed')
    assert.deepEqual(about?.data, { call: placed?.data.call, order: '77', by: 'driver-bridge' })

    const leg = house.rung(client)
    if (leg) house.exchange.hangUp(leg)
    await settled()
    assert.deepEqual(house.exchange.alive(), [])
    assert.deepEqual(await house.outcomes(), ['talked'])
  })
}

test('the client is rung first where the site wants it so, or the operator', async (t) => {
  const ways = [
    { settings: { first: 'client' }, payload: { order: '77' } },
    { settings: {}, payload: { order: '77', first: 'client' } },
  ]
  for (const { settings, payload } of ways) {
    const house = await open(t, { settings })
    await house.http.inject({ method: 'POST', url, payload })
    await settled()
    await house.picksUp(client)
    assert.deepEqual(await house.hears(client), ['driver-bridge.joiningWithDriver'])
    assert.ok(house.rung(driver))
  }
})

test('one request told twice, and one key sent twice, joins once', async (t) => {
  for (const by of ['dispatch', 'command'] as const) {
    const house = await open(t)
    await house.wish(by)
    await house.wish(by)
    assert.equal(house.exchange.alive().length, 1)
    assert.equal((await house.outcomes()).length, 1)
  }
})

test('who asks again, whichever way, while the two are being joined rings nobody a second time', async (t) => {
  const house = await open(t, { settings: { joinAt: ['arrived'] } })
  await house.wish('dispatch', 'one')
  await house.wish('dispatch', 'two')
  await house.wish('command', 'three')
  await house.wish('stage')
  assert.deepEqual([house.exchange.alive().length, (await house.outcomes()).length], [1, 1])
  house.exchange.refuse(driver, 'busy')
  await settled()
  await house.wish('dispatch', 'four')
  assert.equal((await house.outcomes()).length, 2)
})

test('a stage entered twice joins once', async (t) => {
  const house = await open(t, { settings: { joinAt: ['arrived'] } })
  await house.wish('stage')
  house.exchange.phones.set(driver, 'busy')
  await house.wish('stage')
  assert.equal((await house.outcomes()).length, 1)
})

test('a stage nobody named joins nobody', async (t) => {
  const house = await open(t)
  await house.wish('stage')
  assert.deepEqual(house.exchange.alive(), [])
})

test('a stage waits for a dispatch program that is away, and is given up when the order has moved on', async (t) => {
  let answer: Order | Error = new Error('away')
  const findOrder = async () => {
    if (answer instanceof Error) throw answer
    return answer
  }
  const house = await open(t, { settings: { joinAt: ['arrived'] }, dispatch: { findOrder } })
  await house.wish('stage')
  answer = order
  await house.clock.advance(5_000)
  assert.ok(house.rung(driver))

  const other = await open(t, { settings: { joinAt: ['arrived'] }, dispatch: { findOrder } })
  answer = new Error('away')
  await other.wish('stage')
  answer = { ...order, stage: 'client_in_car' }
  await other.clock.advance(30_000)
  assert.deepEqual(other.exchange.alive(), [])
})

for (const outcome of ['busy', 'no-answer', 'unreachable'] as const) {
  test(`a first phone that is ${outcome} rings nobody else`, async (t) => {
    const house = await open(t)
    house.exchange.phones.set(driver, outcome)
    await house.wish()
    assert.deepEqual(house.exchange.alive(), [])
    assert.deepEqual(await house.outcomes(), [outcome])
  })
}

test('who was rung hears that the other is silent, and may have an operator', async (t) => {
  const house = await open(t)
  house.exchange.phones.set(client, 'busy')
  await house.wish()
  await house.picksUp(driver)
  await house.hears(driver)
  const leg = house.rung(driver)
  assert.deepEqual(leg?.playing?.media, ['driver-bridge.clientSilent', 'driver-bridge.operatorKey'])
  if (leg) house.exchange.press(leg, '2')
  await settled()
  assert.equal(house.factsNamed('call.waiting')[0]?.data.place, 'operators')
})

test('who was rung and does nothing then is let go', async (t) => {
  const house = await open(t)
  house.exchange.phones.set(client, 'busy')
  await house.wish()
  await house.picksUp(driver)
  await house.hears(driver)
  await house.hears(driver)
  await house.clock.advance(5_000)
  assert.deepEqual(house.exchange.alive(), [])
  assert.deepEqual(await house.outcomes(), ['partner not reached'])
})

test('key 2 while the other phone rings brings an operator, and that phone stops', async (t) => {
  const house = await open(t)
  await house.wish()
  await house.picksUp(driver)
  await house.hears(driver)
  const leg = house.rung(driver)
  if (leg) house.exchange.press(leg, '2')
  await settled()
  assert.equal(house.rung(client), undefined)
  assert.equal(house.factsNamed('call.waiting')[0]?.data.because, 'pressed for: operator')
})

test('a hang-up of the first at any moment leaves nothing behind', async (t) => {
  const steps = [
    async () => undefined,
    (house: Awaited<ReturnType<typeof open>>) => house.picksUp(driver),
    (house: Awaited<ReturnType<typeof open>>) => house.hears(driver),
    (house: Awaited<ReturnType<typeof open>>) => house.picksUp(client),
  ]
  for (let count = 1; count <= steps.length; count += 1) {
    const house = await open(t)
    await house.wish()
    for (const step of steps.slice(0, count)) await step(house)
    const leg = house.rung(driver)
    if (leg) house.exchange.hangUp(leg)
    await house.clock.advance(60_000)
    assert.deepEqual(house.exchange.alive(), [])
    assert.equal(house.exchange.talks.size, 0)
    assert.ok((await house.outcomes()).every((outcome) => outcome !== null))
  }
})

test('a talk that lasts too long ends with a word to the one who stays', async (t) => {
  const house = await open(t, { settings: { limits: { longestTalk: 1 } } })
  await house.wish()
  await house.picksUp(driver)
  await house.hears(driver)
  await house.picksUp(client)
  await house.clock.advance(60_000)
  assert.equal(house.rung(client), undefined)
  assert.deepEqual(await house.hears(driver), ['driver-bridge.talkTooLong'])
  assert.deepEqual(house.exchange.alive(), [])
})

test('more joins of one order than the limit are refused with a sentence, until time has passed', async (t) => {
  const house = await open(t, { settings: { limits: { joins: 2, within: 10 } } })
  house.exchange.phones.set(driver, 'busy')
  const ask = async () => {
    const answer = await house.http.inject({ method: 'POST', url, payload: { order: '77' } })
    await settled()
    return answer
  }
  assert.deepEqual([(await ask()).statusCode, (await ask()).statusCode], [202, 202])
  const refused = await ask()
  assert.equal(refused.statusCode, 409)
  assert.match(refused.body, /joined too often/)
  await house.clock.advance(10 * 60_000)
  assert.equal((await ask()).statusCode, 202)
})

test('the command says what is wrong with an order', async (t) => {
  const ask = async (given: Given, id = '77') => {
    const house = await open(t, given)
    const asking = house.http.inject({ method: 'POST', url, payload: { order: id } })
    await settled()
    await house.clock.advance(1_500)
    return (await asking).statusCode
  }
  const { driverPhone: _, ...withoutDriver } = order
  assert.equal(await ask({}, '78'), 404)
  assert.equal(await ask({ order: { ...withoutDriver, stage: 'searching' } }), 409)
  assert.equal(await ask({ dispatch: { findOrder: () => new Promise(() => undefined) } }), 409)
})

test('the joins of an order can be read', async (t) => {
  const house = await open(t)
  house.exchange.phones.set(driver, 'busy')
  await house.wish('command')
  const { joins } = (await house.http.inject({ url: `${url}?order=77` })).json()
  assert.equal(joins.length, 1)
  assert.deepEqual(
    [joins[0].by, joins[0].client, joins[0].driver, joins[0].first, joins[0].outcome],
    ['user:olena', client, driver, 'driver', 'busy'],
  )
})

test('two are joined although the dispatch program is silent, and without an order', async (t) => {
  const house = await open(t, { dispatch: { findOrder: () => new Promise(() => undefined) } })
  house.bus.publish('join.requested', { request: 'one', phones: [client, driver], parameters: [] })
  await settled()
  assert.ok(house.rung(driver))
  house.bus.publish('join.requested', {
    request: 'two',
    phones: [client, driver],
    order: '78',
    parameters: [],
  })
  await house.clock.advance(1_500)
  assert.equal(house.exchange.alive().length, 2)
})
