import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const mobile = '+380501112233'
const steps = [{ phone: '101' }, { phone: mobile, ringFor: 20 }, { phone: '102' }]

async function open(t: TestContext, about: Partial<TestAppOptions> = {}) {
  const app = await startTestApp(t, {
    plugin,
    settings: { clients: [{ phones: ['067 123 45 67'], steps }] },
    ...about,
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set(['phones.read']) } })
  })
  for (const phone of ['101', '102', '110', mobile]) app.exchange.phones.set(phone, 'rings')
  return {
    app,
    ringing: () =>
      app.exchange
        .alive()
        .filter((leg) => leg.direction === 'out' && !leg.isUp)
        .map(({ to }) => to),
  }
}

test('office, mobile, secretary ring in turn; he hears words and music all the while, and then the operators have him first', async (t) => {
  const { app, ringing } = await open(t)
  const caller = await app.ring({ from: client })
  const isCared = () => caller.hearing() !== undefined || caller.leg.hasMusic
  assert.deepEqual([ringing(), caller.hearing()], [['101'], ['personal-manager.connecting']])
  await app.clock.advance(15_000)
  assert.ok(isCared())
  assert.deepEqual([ringing(), caller.hearing()], [[mobile], ['personal-manager.tryingOn']])
  await caller.hears()
  assert.ok(isCared())
  await app.clock.advance(20_000)
  assert.deepEqual(ringing(), ['102'])
  await app.clock.advance(15_000)
  assert.deepEqual(caller.hearing(), ['personal-manager.toOperators'])
  assert.equal(await caller.reaches(), 'operators')
  assert.equal(app.factsNamed('call.waiting').at(-1)?.data.priority, 100)
})

test('whoever answers talks to him, and no other phone is rung', async (t) => {
  const { app, ringing } = await open(t)
  const caller = await app.ring({ from: client })
  await app.clock.advance(15_000)
  const leg = app.exchange.pickUp(mobile)
  await settled()
  assert.ok(caller.leg.talk)
  assert.equal(caller.hearing(), undefined)
  assert.deepEqual(ringing(), [])
  assert.notEqual(leg?.callerId, client, 'outside, the company calls')
})

test('a manager whose phones are all away or off costs his client no waiting', async (t) => {
  const { app } = await open(t)
  for (const phone of ['101', '102', mobile]) app.exchange.phones.set(phone, 'unreachable')
  const caller = await app.ring({ from: client })
  for (let said = 0; caller.hearing() && said < 5; said += 1) await caller.hears()
  assert.equal(await caller.reaches(), 'operators')
})

test('who hangs up while his manager is rung, or talks to him, leaves nothing behind', async (t) => {
  for (const isAnswered of [false, true]) {
    const { app } = await open(t)
    const caller = await app.ring({ from: client })
    if (isAnswered) app.exchange.pickUp('101')
    await settled()
    await caller.hangsUp()
    assert.deepEqual(app.exchange.alive(), [])
    assert.equal(app.factsNamed('call.failed').length, 0)
  }
})

test('a manager who is talking is not rung', async (t) => {
  const { app, ringing } = await open(t)
  app.bus.publish('operator.changed', { operator: 'olena', state: 'talking', extension: '101' })
  await app.ring({ from: client })
  assert.deepEqual(ringing(), [mobile])
})

test('everybody else is welcome; a VIP of the dispatch program has the managers of VIPs', async (t) => {
  const identify = async (phone: string) => ({
    kind: 'client' as const,
    category: 'normal' as const,
    isVip: phone.endsWith('9'),
    orders: 0,
  })
  const { app, ringing } = await open(t, { settings: { vip: [{ phone: '110' }] }, dispatch: { identify } })
  const stranger = await app.ring({ from: '+380670000001' })
  assert.equal(await stranger.reaches(), 'operators')
  await app.ring({ from: '+380670000009' })
  assert.deepEqual(ringing(), ['110'])
})

test('a manager is given by API and taken away again', async (t) => {
  const { app, ringing } = await open(t)
  const change = (method: 'PUT' | 'DELETE', payload?: object) =>
    app.http.inject({
      method,
      url: `/api/plugins/personal-manager/clients/${encodeURIComponent(client)}`,
      ...(payload && { payload }),
    })
  assert.equal((await change('PUT', { steps: [{ phone: '110' }] })).statusCode, 200)
  const first = await app.ring({ from: client })
  assert.deepEqual(ringing(), ['110'])
  await first.hangsUp()
  await change('PUT', { steps: [] })
  const second = await app.ring({ from: client })
  assert.equal(await second.reaches(), 'operators')
  await second.hangsUp()
  assert.equal((await change('DELETE')).statusCode, 204)
  assert.equal((await change('DELETE')).statusCode, 404)
  await app.ring({ from: client })
  assert.deepEqual(ringing(), ['101'])
  const list = (await app.http.inject('/api/plugins/personal-manager/clients')).json()
  assert.deepEqual(list[0].steps[1], { phone: mobile, ringFor: 20 })
})
