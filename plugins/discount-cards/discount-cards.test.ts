import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import { definePlugin, Type } from '#core/plugin.ts'
import type { Claim, DiscountCard, Dispatch, Order, OrderChange } from '#core/ports/dispatch.ts'
import { dispatchVerbs } from '#core/ports/without-dispatch.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { until } from '../../test/support/until.ts'
import { plugin } from './plugin.ts'

const line = '+380443334455'
const client = '+380671234567'
const cards: Record<string, DiscountCard> = {
  '1005': { clientId: '5', discountId: '3', hasPassword: true },
  '1006': { clientId: '6', tariffId: '2' },
  '1007': { clientId: '7' },
  '1008': { clientId: '8', discountId: '3', isLocked: true },
}

async function open(
  t: TestContext,
  { dispatch, settings, ...more }: Partial<Omit<TestAppOptions, 'plugin'>> & { settings?: object } = {},
) {
  const changes: [string, OrderChange][] = []
  const order: Order = { id: '77', stage: 'new', state: { id: '1', name: 'new' }, phone: client }
  const app = await startTestApp(t, {
    plugin,
    settings: { lines: [line], ...settings },
    dispatch: {
      capabilities: new Set(dispatchVerbs),
      identify: async () => ({ kind: 'client', category: 'normal', orders: 0 }),
      findDiscountCard: async (number) => cards[number],
      checkClaim: async (claim: Claim) =>
        'login' in claim && claim.login === '1005' && claim.password === '2405'
          ? { clientId: '5' }
          : undefined,
      findOrder: async (id) => ({ ...order, id }),
      async updateOrder(id, change) {
        changes.push([id, change])
        return { outcome: 'changed' }
      },
      ...dispatch,
    },
    ...more,
  })
  return {
    app,
    changes,
    ring: (from = client, to = line) => app.ring({ from, to }),
    chosen: () => app.factsNamed('call.chosen').map(({ data }) => data.what),
    async orderAppears(id: string) {
      app.bus.publish('order.stage-changed', { order: id, stage: 'new', stateName: 'new' })
      await settled()
    },
  }
}

type Ringing = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['ring']>>

async function types(caller: Ringing, ...codes: string[]) {
  for (const code of codes) for (const key of `${code}#`) await caller.presses(key)
}
const hearing = (caller: Ringing) => caller.hearing()?.map((name) => name.replace('discount-cards.', ''))

test('a card gives its tariff to the call and to the next order of the number, once', async (t) => {
  const { app, changes, chosen, orderAppears, ring } = await open(t)
  const caller = await ring()
  assert.deepEqual(hearing(caller), ['number'])
  await types(caller, '1006')
  assert.deepEqual(hearing(caller), ['accepted'])
  assert.deepEqual(chosen(), [{ client: '6', tariff: '2' }])
  assert.equal(await caller.reaches(), 'operators')
  await orderAppears('77')
  await until(() => changes.length > 0, { what: 'the order is changed' })
  await orderAppears('77')
  await orderAppears('78')
  assert.deepEqual(changes, [['77', { tariffId: '2', recalculate: true }]])
  assert.equal(app.factsNamed('call.failed').length, 0)
})

test('a client with a password types it too, and its digits are nowhere', async (t) => {
  const { app, chosen, ring } = await open(t)
  const caller = await ring()
  await types(caller, '1005')
  assert.deepEqual(hearing(caller), ['password'])
  await types(caller, '2405')
  assert.deepEqual(hearing(caller), ['accepted'])
  assert.deepEqual(chosen(), [{ client: '5', discount: '3' }])
  assert.doesNotMatch(JSON.stringify([app.facts, app.logged]), /2405|1005/)
})

test('a wrong number is told, and the second try may be right', async (t) => {
  const { chosen, ring } = await open(t)
  const caller = await ring()
  await types(caller, '9999')
  assert.deepEqual(hearing(caller), ['wrong'])
  caller.leg.playing?.finish()
  await settled()
  await types(caller, '1006')
  assert.deepEqual(hearing(caller), ['accepted'])
  assert.deepEqual(chosen(), [{ client: '6', tariff: '2' }])
})

test('of two wrong tries, of a number and of a password, the second leads to a person', async (t) => {
  const { app, chosen, ring } = await open(t, { settings: { operatorsPlace: 'operators' } })
  const caller = await ring()
  await types(caller, '9999')
  caller.leg.playing?.finish()
  await settled()
  assert.deepEqual(hearing(caller), ['number'])
  await types(caller, '1005', '0000')
  assert.deepEqual(hearing(caller), ['notFound'])
  assert.equal(await caller.reaches(), 'operators')
  assert.match(app.factsNamed('call.waiting')[0]?.data.because ?? '', /wrong password/)
  assert.deepEqual(chosen(), [])
})

test('whoever has no card goes on, and so does silence', async (t) => {
  const { app, chosen, ring } = await open(t)
  const hash = await ring()
  await types(hash, '')
  assert.equal(await hash.reaches(), 'operators')
  const silent = await ring('+380990000001')
  silent.leg.playing?.finish()
  await settled()
  await app.clock.advance(5_000)
  assert.equal(await silent.reaches(), 'operators')
  assert.deepEqual(chosen(), [])
})

test('a locked card and one that gives nothing are told so', async (t) => {
  const { chosen, ring } = await open(t)
  const locked = await ring()
  await types(locked, '1008')
  assert.deepEqual(hearing(locked), ['locked'])
  assert.equal(await locked.reaches(), 'operators')
  assert.deepEqual(chosen(), [])
  const bare = await ring()
  await types(bare, '1007')
  assert.deepEqual(hearing(bare), ['noDiscount'])
})

test('attempts are limited over calls and a restart, also those hung up before the answer', async (t) => {
  const settings = { attempts: { perNumber: 2 } }
  const silent: Partial<Dispatch> = {
    findDiscountCard: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }
  const first = await open(t, { settings, dispatch: silent })
  for (const number of ['1', '2']) {
    const caller = await first.ring()
    await types(caller, number)
    await caller.hangsUp()
  }
  await first.app.close()
  const { ring } = await open(t, { settings, folder: first.app.folder, after: 60_000 })
  const again = await ring()
  await types(again, '1006')
  assert.deepEqual(hearing(again), ['tooManyTries'])
  assert.equal(await again.reaches(), 'operators')
})

test('when the dispatch program is away he hears so and reaches a person, and the try does not count', async (t) => {
  const away = () => Promise.reject(new CallbusError('DISPATCH_UNREACHABLE', { reason: 'away' }))
  const dispatch = { findDiscountCard: away as Dispatch['findDiscountCard'] }
  const { ring } = await open(t, { dispatch, settings: { attempts: { perNumber: 1 } } })
  for (const _ of [1, 2, 3]) {
    const caller = await ring()
    await types(caller, '1006')
    assert.deepEqual(hearing(caller), ['cannotCheck'])
    assert.equal(await caller.reaches(), 'operators')
    await caller.hangsUp()
  }
})

test('elsewhere those are asked who chose it in a menu, and who is led to the place', async (t) => {
  const menu = definePlugin({
    name: 'menu',
    about: 'Chooses for everybody.',
    settings: Type.Object({}),
    start({ reception }) {
      reception.screen(() => ({
        greet: async (caller) => caller.chose({ service: 'card' }),
        because: 'test',
      }))
    },
  })
  const lines = [{ number: '*', name: 'main', screens: ['menu', 'discount-cards'] }]
  const { app, ring } = await open(t, { lines, beside: [menu], settings: { service: 'card' } })
  assert.deepEqual(hearing(await ring(client, '100')), ['number'])

  const plain = await open(t)
  assert.equal(await (await plain.ring(client, '100')).reaches(), 'operators')
  assert.equal(plain.app.factsNamed('call.told').length, 0)
  assert.equal(app.factsNamed('call.failed').length, 0)
})

test('an order of somebody else, or one too late, has nothing of the card', async (t) => {
  const { app, changes, orderAppears, ring } = await open(t)
  const caller = await ring('+380990000001')
  await types(caller, '1006')
  await orderAppears('77')
  await app.clock.advance(61 * 60_000)
  await orderAppears('78')
  await settled()
  assert.deepEqual(changes, [])
})

test('a hang-up at any point leaves nothing behind', async (t) => {
  for (const keys of ['', '1', '1006#', '1005#', '1005#2405#']) {
    const { app, ring } = await open(t)
    const caller = await ring()
    for (const key of keys) await caller.presses(key)
    await caller.hangsUp()
    assert.deepEqual(app.exchange.alive(), [], keys)
    assert.equal(app.factsNamed('call.failed').length, 0, keys)
  }
})
