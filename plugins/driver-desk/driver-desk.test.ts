import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import { definePlugin, type Plugin, Type } from '#core/plugin.ts'
import type { CallerCard, Dispatch, Order } from '#core/ports/dispatch.ts'
import { dispatchVerbs } from '#core/ports/without-dispatch.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { plugin } from './plugin.ts'

const from = '+380501112233'
const order: Order = {
  id: '77',
  stage: 'driver_on_way',
  state: { id: '7', name: 'Водитель принял' },
  pickup: 'Садовая, 5',
}
const card: CallerCard = { kind: 'driver', category: 'normal', driverId: '507', orders: 1, order }
const crew = { id: '607', callSign: '7', driverId: '507', isOnLine: true }

/** A place where whoever comes waits, as a queue. */
function placeCalled(...names: string[]): Plugin {
  return definePlugin({
    name: 'places',
    about: 'Stands in for other plugins.',
    settings: Type.Object({}),
    start({ places }) {
      for (const name of names)
        places.offer(name, async (caller, { because }) => {
          caller.waitsAt(name, because)
          using _music = caller.playOnHold()
          await caller.press('hang up')
        })
    },
  })
}
const everywhere = ['drivers', 'balance-ivr', 'driver-bridge']

interface World {
  settings?: object
  dispatch?: Partial<Dispatch>
  places?: string[]
  kept?: Pick<TestAppOptions, 'folder' | 'after' | 'exchange' | 'clock'>
}

async function open(t: TestContext, { settings, dispatch, places = everywhere, kept }: World = {}) {
  const done: string[] = []
  const app = await startTestApp(t, {
    plugin,
    ...kept,
    beside: [placeCalled(...places)],
    settings: { atPlace: 'everybody', ...settings },
    dispatch: {
      capabilities: new Set(dispatchVerbs),
      identify: async () => card,
      findOrder: async () => order,
      crews: async () => [crew],
      async changeStage(id, stage) {
        done.push(`${id} ${stage}`)
        return { outcome: 'moved' }
      },
      async takeOffLine(driver) {
        done.push(`off ${driver}`)
        return 'taken'
      },
      ...dispatch,
    },
  })
  const waiting = () => app.factsNamed('call.waiting').at(-1)?.data
  return { app, done, waiting, ring: () => app.ring({ from }) }
}

const key = (name: string) => `driver-desk.${name}Key`
const silently = (_: unknown, signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

test('a driver is offered what he can do now, under keys that are always the same', async (t) => {
  const { ring } = await open(t)
  assert.deepEqual(
    (await ring()).hearing(),
    ['balance', 'order', 'client', 'atPlace', 'offLine', 'repeat', 'operator'].map(key),
  )
  const { order: _none, ...free } = card
  const without = await open(t, {
    settings: { offLine: false },
    places: [],
    dispatch: { identify: async () => free },
  })
  assert.deepEqual((await without.ring()).hearing(), [key('repeat'), key('operator')])
})

test('clients and strangers go on as if there were no drivers’ desk', async (t) => {
  for (const kind of ['client', 'corporate', 'unknown'] as const) {
    const { ring, waiting, app } = await open(t, { dispatch: { identify: async () => ({ ...card, kind }) } })
    assert.equal(await (await ring()).reaches(), 'operators')
    assert.equal(waiting()?.priority, 0)
    assert.equal(app.factsNamed('call.told').length, 0)
  }
})

test('only drivers with radios say by a key that they are at the place', async (t) => {
  for (const [atPlace, isOffered] of [
    ['nobody', false],
    [['8'], false],
    [['7', '8'], true],
    ['everybody', true],
  ] as const) {
    const { ring } = await open(t, { settings: { atPlace } })
    assert.equal((await ring()).hearing()?.includes(key('atPlace')), isOffered, String(atPlace))
  }
})

for (const [pressed, place] of [
  ['1', 'balance-ivr'],
  ['3', 'driver-bridge'],
  ['0', 'drivers'],
] as const) {
  test(`key ${pressed} leads to ${place}`, async (t) => {
    const { app, ring } = await open(t)
    const caller = await ring()
    await caller.presses(pressed)
    assert.equal(await caller.reaches(), place)
    const about = app.factsNamed('call.about-order').map(({ data }) => data.order)
    assert.deepEqual(about, pressed === '3' ? ['77'] : [])
  })
}

test('drivers wait in a queue of their own and sooner; without one at the operators', async (t) => {
  for (const [places, place] of [
    [['drivers'], 'drivers'],
    [[], 'operators'],
  ] as [string[], string][]) {
    const { app, ring, waiting } = await open(t, { places, settings: { priority: 7 } })
    const caller = await ring()
    await caller.hears()
    await app.clock.advance(5_000)
    await caller.reaches()
    assert.deepEqual([waiting()?.place, waiting()?.priority], [place, 7])
  }
})

test('a driver hears where his order is, then the menu again', async (t) => {
  const { app, ring } = await open(t)
  const caller = await ring()
  await caller.presses('2')
  assert.deepEqual(caller.hearing(), ['driver-desk.order'])
  caller.leg.playing?.finish()
  await app.clock.advance(0)
  assert.equal(caller.hearing()?.[0], key('balance'))
  assert.equal(
    app.factsNamed('call.told').find(({ data }) => data.saying === 'driver-desk.order')?.data.text,
    'Your order: Садовая, five.',
  )
})

test('an order that is gone is told so and offered no more', async (t) => {
  const { app, ring } = await open(t, { dispatch: { findOrder: async () => undefined } })
  const caller = await ring()
  await caller.presses('2')
  assert.deepEqual(caller.hearing(), ['driver-desk.noOrder'])
  caller.leg.playing?.finish()
  await app.clock.advance(0)
  assert.deepEqual(caller.hearing(), ['balance', 'offLine', 'repeat', 'operator'].map(key))
})

test('“at the place” moves the order once and is not offered again', async (t) => {
  const { app, done, ring } = await open(t)
  const caller = await ring()
  await caller.presses('4')
  assert.deepEqual(caller.hearing(), ['driver-desk.atPlace'])
  caller.leg.playing?.finish()
  await app.clock.advance(0)
  assert.ok(!caller.hearing()?.includes(key('atPlace')))
  assert.deepEqual(done, ['77 arrived'])
})

test('an order that refuses brings his people', async (t) => {
  const changeStage = async () => ({ outcome: 'refused', because: 'not-from-this-state' }) as const
  const { ring } = await open(t, { dispatch: { changeStage } })
  const caller = await ring()
  await caller.presses('4')
  assert.deepEqual(caller.hearing(), ['driver-desk.notAtPlace'])
  assert.equal(await caller.reaches(), 'drivers')
})

test('a driver leaves the line with 5 and 5; one 5 alone does nothing', async (t) => {
  const { app, done, ring } = await open(t)
  const caller = await ring()
  await caller.presses('5')
  assert.deepEqual(caller.hearing(), ['driver-desk.sureOffLine'])
  await caller.hears()
  await app.clock.advance(5_000)
  assert.deepEqual(done, [])
  await caller.presses('5')
  await caller.presses('5')
  assert.deepEqual(done, ['off 507'])
  assert.deepEqual(caller.hearing(), ['driver-desk.offLine'])
  await caller.hears()
  assert.equal(app.factsNamed('call.ended')[0]?.data.result, 'self_served')
})

test('a driver with an order under way is not taken off, and his people hear of it', async (t) => {
  const { ring } = await open(t, { dispatch: { takeOffLine: async () => 'refused' } })
  const caller = await ring()
  await caller.presses('5')
  await caller.presses('5')
  assert.deepEqual(caller.hearing(), ['driver-desk.stillOnLine'])
  assert.equal(await caller.reaches(), 'drivers')
})

test('killed while the dispatch program is asked, “at the place” is looked up and done once', async (t) => {
  let asked = 0
  const { app, ring } = await open(t, {
    dispatch: {
      changeStage: (_id, _stage, signal) => {
        asked += 1
        return silently(undefined, signal)
      },
    },
  })
  await (await ring()).presses('4')
  assert.equal(asked, 1)
  await app.die()
  const arrived = { ...order, stage: 'arrived' } as const
  const next = await open(t, {
    dispatch: { findOrder: async () => arrived },
    kept: { folder: app.folder, after: 1_000 },
  })
  await next.app.clock.advance(5_000)
  assert.deepEqual(next.done, [])
  const intents = next.app.database.selectFrom('intents').select(['state', 'outcome'])
  assert.deepEqual(await intents.execute(), [{ state: 'done', outcome: 'moved' }])
})

for (const [minutes, done] of [
  [1, ['off 507']],
  [10, []],
] as const) {
  test(`killed, and back after ${minutes} min, he is ${done.length ? '' : 'not '}taken off`, async (t) => {
    const { app, ring } = await open(t, { dispatch: { takeOffLine: silently } })
    const caller = await ring()
    await caller.presses('5')
    await caller.presses('5')
    await app.die()
    const next = await open(t, { kept: { folder: app.folder, after: minutes * 60_000 } })
    await next.app.clock.advance(5_000)
    assert.deepEqual(next.done, done)
  })
}

test('a dispatch program that falls silent in the midst is told of honestly, and his people answer', async (t) => {
  for (const [pressed, dispatch] of [
    ['2', { findOrder: silently }],
    [
      '4',
      { changeStage: () => Promise.reject(new CallbusError('DISPATCH_UNREACHABLE', { reason: 'away' })) },
    ],
  ] as const) {
    const { app, ring } = await open(t, { dispatch: dispatch as Partial<Dispatch> })
    const caller = await ring()
    await caller.presses(pressed)
    await app.clock.advance(3_000)
    assert.deepEqual(caller.hearing(), ['driver-desk.silent'])
    assert.equal(await caller.reaches(), 'drivers')
  }
})

test('a driver who called before is known while the dispatch program is silent', async (t) => {
  const { app, ring } = await open(t)
  await (await ring()).hangsUp()
  await app.close()
  const next = await open(t, { dispatch: { identify: silently }, kept: { folder: app.folder } })
  const caller = await next.ring()
  await next.app.clock.advance(1_500)
  assert.deepEqual(caller.hearing(), ['driver-desk.silent'])
  assert.equal(await caller.reaches(), 'drivers')
  const stranger = await next.app.ring({ from: '+380990000001' })
  await next.app.clock.advance(1_500)
  assert.equal(await stranger.reaches(), 'operators')
})

test('a hang-up at any key leaves nothing behind', async (t) => {
  for (const keys of ['', '2', '4', '5', '55', '9', '0']) {
    const { app, ring } = await open(t)
    const caller = await ring()
    for (const each of keys) await caller.presses(each)
    await caller.hangsUp()
    assert.deepEqual(app.exchange.alive(), [], keys)
    assert.equal(app.factsNamed('call.failed').length, 0, keys)
  }
})
