import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Order, Stage } from '#core/ports/dispatch.ts'
import { openCalledTown } from '../../test/support/called-town.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client } from '../../test/support/town.ts'

const minute = 60_000

test('whose car has arrived is rung, hears it twice, and the dispatch program learns it', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  const him = await house.answers()
  assert.deepEqual(him.hearing(), ['greeting', 'arrived', 'keys'])
  const heard = await him.hears()
  assert.equal(heard.filter((each) => each === 'status-callback.arrived').length, 2)
  assert.equal(him.leg.ended, 'normal')
  assert.deepEqual(house.results(), ['reached_heard'])
  assert.deepEqual(house.progress(), ['started', 'delivered'])
  assert.equal(house.town.reports.at(-1)?.stateId, 'of arrived')
  assert.equal(house.app.clock.pending, 0)
})

const spoken: [string, object, Stage, Partial<Order>, string][] = [
  ['an assigned car', { assigned: {} }, 'assigned', { minutes: 5 }, 'coming'],
  ['a cancelled order', { cancelled: { on: 'cancelled_company' } }, 'cancelled_company', {}, 'cancelled'],
  ['a client who did not come', { no_show: { say: 'coming' } }, 'no_show', {}, 'areYouComing'],
  [
    'no car at all',
    { none: { on: 'cancelled_company', say: 'no_car' } },
    'cancelled_company',
    {},
    'noCarFound',
  ],
]
for (const [about, rules, stage, more, saying] of spoken) {
  test(`${about} is told with its own sentence`, async (t) => {
    const house = await openCalledTown(t, { settings: { rules } })
    await house.moves(stage, more)
    const him = await house.answers()
    assert.equal(him.hearing()?.[1], saying)
  })
}

test('a stage without a rule calls nobody', async (t) => {
  const house = await openCalledTown(t)
  for (const stage of ['new', 'assigned', 'client_in_car', 'done'] as const) await house.moves(stage)
  assert.equal(house.rung(), 0)
})

test('a state of the company’s own is told with the company’s own sentence and the car', async (t) => {
  const text = { en: 'Please mind the snow.' }
  const rules = { snow: { on: 'arrived', states: ['Snow at the door'], text }, arrived: {} }
  const house = await openCalledTown(t, { settings: { rules } })
  house.town.stands('7', 'arrived')
  const order = house.town.orders.get('7') as Order
  house.town.orders.set('7', { ...order, state: { id: '51', name: 'Snow at the door' } })
  await house.tells('arrived', '7', 'Snow at the door')
  const him = await house.answers()
  assert.deepEqual(him.hearing(), ['greeting', 'text-snow', 'car', 'keys'])
  await him.hears()
  const told = house.app
    .factsNamed('call.told')
    .find(({ data }) => data.saying === 'status-callback.text-snow')
  assert.equal(told?.data.text, 'Please mind the snow.')
})

test('a promised minute that passes is told once, and only while the car is still awaited', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('assigned', { minutes: 5 })
  nobodySaysMinutes(house)
  await house.app.clock.advance(7 * minute)
  assert.equal(house.rung(), 0)
  await house.app.clock.advance(minute + 1)
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'delayed')
  await him.hears()
  await house.app.clock.advance(60 * minute)
  await house.tells('driver_on_way')
  await house.app.clock.advance(60 * minute)
  assert.equal(house.rung(), 1)
})

test('minutes that grow beyond the promise are told before it passes', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('assigned', { minutes: 5 })
  house.town.stands('7', 'driver_on_way', { minutes: 12 })
  await house.app.clock.advance(2 * minute)
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'delayed')
})

test('a car that comes in time, or whose minutes nobody knew, is no delay', async (t) => {
  const house = await openCalledTown(t, { settings: { rules: { delayed: {} } } })
  await house.moves('assigned', { minutes: 5 })
  nobodySaysMinutes(house)
  await house.moves('assigned', {}, '8')
  await house.app.clock.advance(4 * minute)
  await house.moves('arrived')
  await house.app.clock.advance(4 * 60 * minute)
  assert.equal(house.rung(), 0)
  assert.equal(house.app.clock.pending, 0, 'nothing is watched for ever')
})

test('who waits ten minutes for a car hears that there is none yet; who got one hears nothing', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('searching')
  await house.moves('searching', {}, '8')
  await house.app.clock.advance(9 * minute)
  await house.moves('assigned', {}, '8')
  await house.app.clock.advance(minute)
  assert.equal(house.rung(), 1)
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'noCar')
  await him.hears()
  assert.deepEqual(
    house.told().map(({ order }) => order),
    ['7'],
    'what came to nothing leaves no trace',
  )
})

test('another car is news, the same one is not', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  await (await house.answers()).hears()
  await house.moves('searching')
  await house.moves('arrived')
  assert.equal(house.rung(), 1)
  await house.moves('searching')
  await house.moves('arrived', { car: { plate: 'BC0001BC' } })
  assert.equal(house.rung(), 2)
})

test('an order without a phone is told to be unreachable, and nobody is rung', async (t) => {
  const house = await openCalledTown(t)
  house.town.stands('7', 'arrived')
  const { phoneToDial: _, ...order } = house.town.orders.get('7') as Order
  house.town.orders.set('7', order)
  await house.asks({ phone: client })
  assert.equal(house.rung(), 1, 'the phone that was asked for is called')
  house.town.orders.set('8', { ...order, id: '8' })
  await house.tells('arrived', '8')
  assert.equal(house.rung(), 1)
})

test('a program that cannot be asked is believed what it tells by itself', async (t) => {
  const house = await openCalledTown(t, { dispatch: { capabilities: new Set() } })
  const fact = {
    order: '9',
    stage: 'arrived',
    stateName: 'At the door',
    phone: client,
    car: { plate: 'AA1' },
  }
  house.app.bus.publish('order.stage-changed', fact)
  await settled()
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'arrived')
  assert.deepEqual(house.town.reports, [])
  assert.equal(house.town.reads(), 0)
})

/** The first promise stays what it was. */
function nobodySaysMinutes({ town }: Awaited<ReturnType<typeof openCalledTown>>) {
  for (const order of town.orders.values()) delete order.minutes
}

const confirmed = { settings: { rules: { arrived: { moves: { reached_confirmed: '31' } } } } }
const second = { car: { plate: 'ВВ2222АА' } }

/** Whoever is rung says that he is coming out. */
async function confirms(house: Awaited<ReturnType<typeof openCalledTown>>) {
  const him = await house.answers()
  await him.presses('1')
  await him.hangsUp()
}

/** The first car was told of, and its driver has given the order back. */
async function toldOfTheFirstCar(t: TestContext) {
  const house = await openCalledTown(t, confirmed)
  await house.moves('arrived')
  await confirms(house)
  await house.moves('searching')
  await house.app.clock.advance(10 * minute)
  return house
}

test('what came of the call about a second car is told and moves the order as well', async (t) => {
  const house = await toldOfTheFirstCar(t)
  await house.moves('arrived', second)
  await confirms(house)
  assert.deepEqual(house.progress(), ['started', 'delivered', 'started', 'delivered'])
  assert.deepEqual(
    house.town.moves.map(({ to }) => to),
    ['31', '31'],
  )
})

test('a second car is told of once, though a script and the stage both say so, in any order', async (t) => {
  for (const order of [
    'script first',
    'stage first',
    'stage long after',
    'script ahead of the order',
  ] as const) {
    const house = await toldOfTheFirstCar(t)
    const script = () => house.asks({ request: order })
    house.town.stands('7', order === 'script ahead of the order' ? 'driver_on_way' : 'arrived', second)
    if (order === 'stage first') await house.tells('arrived')
    else await script()
    await confirms(house)
    if (order === 'stage long after') await house.app.clock.advance(10 * minute)
    house.town.stands('7', 'arrived')
    if (order === 'stage first') await script()
    else await house.tells('arrived')
    await house.app.clock.advance(minute)
    assert.equal(house.rung(), 2, order)
  }
})

test('who is told of too late that his order was cancelled is not called', async (t) => {
  for (const [ago, rung] of [
    [29, 1],
    [30, 0],
  ] as const) {
    const house = await openCalledTown(t)
    house.town.stands('7', 'cancelled_company')
    const endedAt = house.app.clock.now() - ago * minute
    const fact = { order: '7', stage: 'cancelled_company', stateName: 'Cancelled', endedAt }
    house.app.bus.publish('order.stage-changed', fact)
    await settled()
    assert.equal(house.rung(), rung)
  }
})
