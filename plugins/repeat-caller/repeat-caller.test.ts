import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { CallerCard, Dispatch } from '#core/ports/dispatch.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin as operators } from '../operators/plugin.ts'
import { plugin as orderStatus } from '../order-status/plugin.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const order = (takenBy: string[], stage: 'client_in_car' | 'driver_on_way' = 'client_in_car') => ({
  id: '77',
  stage,
  state: { id: '11', name: 'Клиент в машине' },
  takenBy,
})

async function open(
  t: TestContext,
  card: Partial<CallerCard>,
  given: { settings?: object; dispatch?: Partial<Dispatch> } = {},
) {
  const app = await startTestApp(t, {
    plugin,
    beside: [orderStatus, operators],
    settings: given.settings ?? {},
    dispatch: {
      identify: async () => ({ kind: 'client', category: 'normal', orders: 1, ...card }),
      findOrder: async () => card.order,
      ...given.dispatch,
    },
  })
  for (const phone of ['101', '102', '103']) app.exchange.phones.set(phone, 'rings')
  const ringing = () =>
    app.exchange
      .alive()
      .filter((leg) => leg.direction === 'out' && !leg.isUp)
      .map((leg) => leg.to)
      .sort()
  return { app, ringing }
}

test('a caller with an order rings first where it was taken, then everywhere', async (t) => {
  const { app, ringing } = await open(t, { order: order(['102']) })
  await app.ring({ from: client })
  assert.deepEqual(ringing(), ['102'])
  assert.equal(app.factsNamed('call.screened')[0]?.data.because, 'order 77 was taken by 102')
  await app.clock.advance(10_000)
  assert.deepEqual(ringing(), ['101', '103'])
})

test('his operator answers, and the two talk', async (t) => {
  const { app } = await open(t, { order: order(['102']) })
  const caller = await app.ring({ from: client })
  app.exchange.pickUp('102')
  await settled()
  assert.ok(caller.leg.talk)
  await caller.hangsUp()
  assert.deepEqual(app.exchange.alive(), [])
})

test('accounts that are named otherwise than the phones are translated', async (t) => {
  const { app, ringing } = await open(
    t,
    { order: order(['ivanova']) },
    { settings: { phones: { ivanova: '103' } } },
  )
  await app.ring({ from: client })
  assert.deepEqual(ringing(), ['103'])
})

test('who is busy, or no operator here, is not waited for', async (t) => {
  const { app, ringing } = await open(t, { order: order(['102']) })
  const first = await app.ring({ from: client })
  app.exchange.pickUp('102')
  await settled()
  await app.ring({ from: client })
  assert.deepEqual(ringing(), ['101', '103'])
  await first.hangsUp()

  const stranger = await open(t, { order: order(['999']) })
  await stranger.app.ring({ from: client })
  assert.deepEqual(stranger.ringing(), ['101', '102', '103'])
})

test('a caller who was answered by voice comes to the same operator by key 2', async (t) => {
  const { app, ringing } = await open(t, { order: order(['102'], 'driver_on_way') })
  const caller = await app.ring({ from: client })
  assert.ok(caller.hearing())
  await caller.presses('2')
  await caller.hears()
  assert.deepEqual(ringing(), ['102'])
})

for (const [who, card] of Object.entries({
  'a caller without an order': {},
  'a caller whose order nobody took': { order: order([]) },
  'a driver': { kind: 'driver' as const, order: order(['102'], 'client_in_car') },
})) {
  test(`${who} is nobody’s`, async (t) => {
    const { app } = await open(t, card)
    await app.ring({ from: client })
    const mine = app.factsNamed('call.screened').filter(({ data }) => data.by === 'repeat-caller')
    assert.deepEqual(mine, [])
  })
}

test('a dispatch program that is slow or dead sends the caller to all operators', async (t) => {
  for (const identify of [
    () => Promise.reject(new Error('down')),
    (_phone: string, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  ]) {
    const { app, ringing } = await open(t, {}, { dispatch: { identify } })
    await app.ring({ from: client })
    await app.clock.advance(1_500)
    assert.deepEqual(ringing(), ['101', '102', '103'])
  }
})

test('a hang-up while his operator rings, or while he is looked up, leaves nothing behind', async (t) => {
  const { app, ringing } = await open(t, { order: order(['102']) })
  const caller = await app.ring({ from: client })
  await caller.hangsUp()
  assert.deepEqual(ringing(), [])
  const next = await app.ring({ from: client })
  assert.deepEqual(ringing(), ['102'])
  await next.hangsUp()
  assert.deepEqual(app.exchange.alive(), [])
})
