import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import { openCalledTown } from '../../test/support/called-town.ts'

const bridge = definePlugin({
  name: 'driver-bridge',
  about: 'Stands for the real one.',
  settings: Type.Object({}, { default: {} }),
  start({ places }) {
    places.offer('driver-bridge', async (caller, { because }) => {
      caller.waitsAt('driver-bridge', because)
      await caller.press('never')
    })
  },
})

async function atTheDoor(...[t, options]: Parameters<typeof openCalledTown>) {
  const house = await openCalledTown(t, options)
  await house.moves('arrived')
  return { ...house, him: await house.answers() }
}

test('nine says it again, and not for ever', async (t) => {
  const { him, ...house } = await atTheDoor(t)
  for (let times = 0; times < 4; times += 1) {
    await him.presses('9')
    assert.equal(him.hearing()?.[1], 'arrived')
  }
  await him.presses('9')
  assert.equal(him.leg.ended, 'normal')
  assert.deepEqual(house.results(), ['reached_short'])
})

test('one says that he is coming, which is written back before he has hung up', async (t) => {
  const { him, ...house } = await atTheDoor(t, {
    settings: { rules: { arrived: { moves: { reached_confirmed: '31', reached_heard: '30' } } } },
  })
  await him.presses('1')
  assert.deepEqual(him.hearing(), ['thanks'])
  assert.deepEqual(house.results(), ['reached_confirmed'])
  assert.deepEqual(house.town.moves, [{ order: '7', to: '31' }])
  assert.deepEqual(house.progress(), ['started', 'delivered'])
  await him.hears()
  assert.equal(him.leg.ended, 'normal')
  assert.equal(house.town.moves.length, 1)
  assert.equal(house.app.factsNamed('call.ended')[0]?.data.result, 'self_served')
})

test('two brings an operator with the order named and raised', async (t) => {
  const { him, ...house } = await atTheDoor(t)
  await him.presses('2')
  await him.hears()
  const [waiting] = house.app.factsNamed('call.waiting')
  assert.equal(waiting?.data.place, 'operators')
  assert.match(waiting?.data.because ?? '', /^order 7: .*arrived.*operator/)
  assert.deepEqual(
    house.town.cards.map(({ order }) => order),
    ['7'],
  )
  assert.deepEqual(house.results(), ['asked_operator'])
})

test('three brings the driver through the bridge where there is one', async (t) => {
  const { him, ...house } = await atTheDoor(t, { beside: [bridge] })
  await him.presses('3')
  await him.hears()
  assert.equal(house.app.factsNamed('call.waiting')[0]?.data.place, 'driver-bridge')
  assert.deepEqual(house.results(), ['reached_heard'])
})

test('three without a bridge brings an operator', async (t) => {
  const { him, ...house } = await atTheDoor(t)
  await him.presses('3')
  await him.hears()
  assert.equal(house.app.factsNamed('call.waiting')[0]?.data.place, 'operators')
})

test('without a driver’s phone three means nothing, and a cancelled order asks nobody whether he comes', async (t) => {
  const house = await openCalledTown(t)
  house.town.stands('7', 'cancelled_company')
  const { driverPhone: _, ...order } = house.town.orders.get('7') ?? {}
  house.town.orders.set('7', order as never)
  await house.tells('cancelled_company')
  const him = await house.answers()
  for (const key of ['1', '3']) {
    await him.presses(key)
    assert.equal(him.hearing()?.[1], 'cancelled', `${key} cuts nothing short`)
  }
})

test('a hang-up at any key leaves nothing behind, and its result is the furthest he came', async (t) => {
  const results = { '': 'reached_short', 9: 'reached_short', 1: 'reached_confirmed', 2: 'asked_operator' }
  for (const [keys, result] of Object.entries(results)) {
    const { him, ...house } = await atTheDoor(t)
    for (const key of keys) await him.presses(key)
    await him.hangsUp()
    assert.deepEqual(house.results(), [result], keys)
    assert.deepEqual(house.app.exchange.alive(), [])
    await house.app.clock.advance(1_000)
    assert.equal(house.app.clock.pending, 0)
  }
})
