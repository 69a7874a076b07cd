import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { definePlugin, type Plugin, Type } from '#core/plugin.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { openHuntGroup } from './hunt-group.ts'
import { plugin } from './plugin.ts'

type Life = Pick<TestAppOptions, 'folder' | 'exchange' | 'clock'>

async function open(t: TestContext, settings: object = {}, ...beside: Plugin[]) {
  return await openLife(t, settings, { beside })
}

async function openLife(t: TestContext, settings: object, life: Life & Pick<TestAppOptions, 'beside'> = {}) {
  const app = await startTestApp(t, { plugin, settings: { phones: ['101', '102'], ...settings }, ...life })
  for (const phone of ['101', '102']) app.exchange.phones.set(phone, 'rings')
  const ringing = () =>
    app.exchange
      .alive()
      .filter((leg) => leg.direction === 'out' && !leg.isUp)
      .map((leg) => leg.to)
      .sort()
  return { app, ringing }
}

test('every free phone rings with music for the caller, and the first to answer talks', async (t) => {
  const { app, ringing } = await open(t)
  const caller = await app.ring({ from: '+380671234567' })
  assert.deepEqual(ringing(), ['101', '102'])
  assert.ok(caller.leg.hasMusic)
  app.exchange.pickUp('101')
  await settled()
  assert.ok(caller.leg.talk)
  assert.deepEqual(ringing(), [])
})

test('a phone that talks is not rung for the next caller, and is again after the talk', async (t) => {
  const { app, ringing } = await open(t)
  const first = await app.ring()
  app.exchange.pickUp('101')
  await settled()
  await app.ring()
  assert.deepEqual(ringing(), ['102'])
  await first.hangsUp()
  app.exchange.pickUp('102')
  await settled()
  await app.ring()
  assert.deepEqual(ringing(), ['101'])
})

test('who hears that everyone is busy has his place already, and an operator who comes free cuts it short', async (t) => {
  const { app, ringing } = await open(t, { phones: ['101'] })
  const first = await app.ring()
  app.exchange.pickUp('101')
  await settled()
  const second = await app.ring()
  assert.deepEqual(second.hearing(), ['operators.everyoneBusy'])
  await first.hangsUp()
  assert.deepEqual(ringing(), ['101'])
  app.exchange.pickUp('101')
  await settled()
  assert.ok(second.leg.talk)
  assert.equal(second.hearing(), undefined)
  assert.deepEqual(
    app.factsNamed('call.told').map(({ data }) => data.heard),
    [false],
  )
})

test('whom nobody answers in time is told so and led to the fallback of the exchange', async (t) => {
  const { app } = await open(t, { maximumWait: 30, ringFor: 10 })
  const caller = await app.ring()
  await app.clock.advance(30_000)
  assert.deepEqual(caller.hearing(), ['operators.nobodyFree'])
  await caller.hears()
  assert.deepEqual(app.exchange.released, [caller.leg.leg])
})

const belongsTo = (...phones: string[]) =>
  definePlugin({
    name: 'matchmaker',
    about: 'Says whose the callers are.',
    settings: Type.Object({}),
    start({ reception }) {
      reception.screen(() => ({ first: { phones, seconds: 10 }, because: 'they know each other' }))
    },
  })

test('a caller who is somebody’s rings there alone first, then everywhere', async (t) => {
  const { app, ringing } = await open(t, {}, belongsTo('102', '999'))
  await app.ring()
  assert.deepEqual(ringing(), ['102'])
  await app.clock.advance(10_000)
  assert.deepEqual(ringing(), ['101'])
  await app.clock.advance(3_000)
  app.exchange.pickUp('101')
  await settled()
  assert.equal(app.factsNamed('call.talking')[0]?.data.with, '101')
})

test('a caller whose operator talks, or is none of this group, is not kept waiting for him', async (t) => {
  const { app, ringing } = await open(t, {}, belongsTo('102'))
  const first = await app.ring()
  app.exchange.pickUp('102')
  await settled()
  await app.ring()
  assert.deepEqual(ringing(), ['101'])
  await first.hangsUp()

  const stranger = await open(t, {}, belongsTo('999'))
  await stranger.app.ring()
  assert.deepEqual(stranger.ringing(), ['101', '102'])
})

test('a caller who hangs up while his operator rings leaves him free for the next', async (t) => {
  const { app, ringing } = await open(t, {}, belongsTo('102'))
  const caller = await app.ring()
  await caller.hangsUp()
  assert.deepEqual(ringing(), [])
  await app.ring()
  assert.deepEqual(ringing(), ['102'])
})

test('phones that refuse rest before they ring again, and the caller waits on', async (t) => {
  const { app, ringing } = await open(t, { restAfterMiss: 3 })
  app.exchange.phones.set('101', 'busy').set('102', 'unreachable')
  await app.ring()
  assert.equal(app.factsNamed('call.operator-missed').length, 2)
  app.exchange.phones.set('101', 'rings').set('102', 'rings')
  await app.clock.advance(2_900)
  assert.deepEqual(ringing(), [])
  await app.clock.advance(200)
  assert.deepEqual(ringing(), ['101', '102'])
})

test('over a restart callers keep their places, and none waits longer for it', async (t) => {
  const settings = { phones: ['101'], maximumWait: 60 }
  const before = await open(t, settings)
  const talking = await before.app.ring()
  before.app.exchange.pickUp('101')
  await settled()
  const first = await before.app.ring()
  await before.app.clock.advance(1_000)
  const second = await before.app.ring()
  await before.app.clock.advance(19_000)
  await before.app.die()

  const { folder, exchange, clock } = before.app
  const { app, ringing } = await openLife(t, settings, { folder, exchange, clock })
  await clock.advance(20_000)
  exchange.connect()
  await settled()
  assert.deepEqual(ringing(), [], 'his phone talks since before')
  const waits = () => app.calls.live().flatMap(({ state }) => (state.is === 'waiting' ? state.since : []))
  assert.deepEqual(
    waits().map((since) => clock.now() - since),
    [40_000, 39_000],
  )

  exchange.hangUp(talking.leg)
  await settled()
  exchange.pickUp('101')
  await settled()
  assert.ok(first.leg.talk)
  assert.equal(second.leg.talk, undefined)
  await clock.advance(20_999)
  await second.hears()
  assert.ok(!second.leg.heard.includes('operators.nobodyFree'))
  await clock.advance(1)
  await second.hears()
  assert.ok(second.leg.heard.includes('operators.nobodyFree'), 'a minute after he came')
})

test('higher priority is served first, then earlier arrival', async () => {
  const group = openHuntGroup({
    phones: ['101'],
    strategy: 'ring_all',
    restAfterMiss: 1,
    clock: openTestClock(),
  })
  group.talks('101', 'earlier')
  const served: string[] = []
  const wait = async (name: string, priority: number, since: number) => {
    const place = group.join({ call: name, priority, since })
    await place.ready(new AbortController().signal)
    place.take()
    served.push(name)
    place[Symbol.dispose]()
  }
  const waits = [wait('late', 0, 3), wait('early', 0, 1), wait('vip', 100, 5)]
  for (let turn = 0; turn < 3; turn += 1) {
    group.release(['101'], served.at(-1) ?? 'earlier')
    await settled()
  }
  await Promise.all(waits)
  assert.deepEqual(served, ['vip', 'early', 'late'])
})

test('a phone given back late by its last call stays with the call that holds it now', async () => {
  const group = openHuntGroup({
    phones: ['101'],
    strategy: 'ring_all',
    restAfterMiss: 1,
    clock: openTestClock(),
  })
  const { signal } = new AbortController()
  group.talks('101', 'first')
  const second = group.join({ call: 'second', priority: 0, since: 1 })
  const secondReady = second.ready(signal)
  let isThirdServed = false
  const third = group.join({ call: 'third', priority: 0, since: 2 })
  const thirdReady = third.ready(signal)
  void thirdReady.then(() => {
    isThirdServed = true
  })
  group.release(['101'], 'first')
  await secondReady
  assert.deepEqual(second.take(), ['101'])
  group.release(['101'], 'first')
  await settled()
  assert.equal(isThirdServed, false)
  group.release(['101'], 'second')
  await thirdReady
  assert.deepEqual(third.take(), ['101'])
})

test('phones reserved for a caller who hangs up at that very moment go to the next', async (t) => {
  const { app, ringing } = await open(t, { phones: ['101'] })
  const talking = await app.ring()
  app.exchange.pickUp('101')
  await settled()
  const waiting = await app.ring()
  app.exchange.hangUp(talking.leg)
  app.exchange.hangUp(waiting.leg)
  await settled()
  await app.ring()
  assert.deepEqual(ringing(), ['101'])
})

test('in turn means one phone at a time, starting after the last one offered', async () => {
  const group = openHuntGroup({
    phones: ['101', '102'],
    strategy: 'round_robin',
    restAfterMiss: 1,
    clock: openTestClock(),
  })
  const offered: string[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    using place = group.join({ call: `call ${turn}`, priority: 0, since: turn })
    await place.ready(new AbortController().signal)
    const [phone = ''] = place.take()
    offered.push(phone)
    group.release([phone], `call ${turn}`)
  }
  assert.deepEqual(offered, ['101', '102', '101'])
})

test('a caller who hangs up while phones ring leaves no phone ringing', async (t) => {
  const { app, ringing } = await open(t)
  const caller = await app.ring()
  await caller.hangsUp()
  assert.deepEqual(ringing(), [])
  const next = await app.ring()
  assert.deepEqual(ringing(), ['101', '102'])
  await next.hangsUp()
})
