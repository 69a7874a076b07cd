import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin as talkControl } from '../talk-control/plugin.ts'
import { plugin } from './plugin.ts'

/** A caller talks with 101; 102 is free, and a pause keeps 101 from the next caller. */
async function open(t: TestContext) {
  const app = await startTestApp(t, {
    plugin,
    beside: [talkControl],
    settings: {
      operators: ['101', '102'].map((extension) => ({ id: extension, extension, isAlwaysHere: true })),
      queues: [{ name: 'operators', strategy: { is: 'priority' }, announcements: [] }],
    },
  })
  app.http.addHook('onRequest', async (request) => {
    const rights = new Set(['operators.move-any', 'talks.control', 'talks.supervise'])
    Object.assign(request, { who: { user: { name: 'ann' }, rights } })
  })
  const { exchange } = app
  for (const phone of ['101', '102']) exchange.phones.set(phone, 'rings')
  const post = async (url: string, payload: object = {}) => {
    const answer = await app.http.inject({ method: 'POST', url: `/api/plugins/${url}`, payload })
    await settled()
    assert.ok(answer.statusCode < 300, answer.body)
    return answer.json()
  }
  const ringsOf = (phone: string) =>
    exchange.alive().filter((leg) => leg.direction === 'out' && leg.to === phone && !leg.isUp)
  const caller = await app.ring()
  exchange.pickUp('101')
  await settled()
  await post('queue/operators/101/pause', { reason: 'lunch' })
  const [call] = app.calls.live()
  assert.ok(caller.leg.talk && call)
  return { app, caller, post, ringsOf, talk: `talk-control/talks/${call.id}` }
}

const parkAndPickUp = async ({ post, talk }: Awaited<ReturnType<typeof open>>) => {
  await post(`${talk}/park`)
  await post('talk-control/parked/701/pick-up', { phone: '102' })
}
const waysToRing: Record<string, (house: Awaited<ReturnType<typeof open>>) => Promise<unknown>> = {
  'a blind transfer': ({ post, talk }) => post(`${talk}/transfer`, { to: '102' }),
  'a pick-up': parkAndPickUp,
  'a supervisor who listens': ({ post, talk }) => post(`${talk}/attend`, { way: 'listen', phone: '102' }),
}

for (const [way, ring] of Object.entries(waysToRing))
  test(`${way}: the phone that rings for it is offered nobody until that is over`, async (t) => {
    const house = await open(t)
    const { app, caller, ringsOf } = house
    await ring(house)
    const [rung] = ringsOf('102')
    const waiting = await app.ring()
    assert.deepEqual(ringsOf('102'), [rung])
    app.exchange.pickUp('102')
    await settled()
    assert.deepEqual(ringsOf('102'), [])
    assert.ok(rung?.isUp)
    app.exchange.hangUp(rung)
    await settled()
    assert.equal(ringsOf('102').length, 1)
    await waiting.hangsUp()
    if (caller.leg.talk) await caller.hangsUp()
  })

test('a phone that rings directly is made to answer, and is offered others once that talk is over', async (t) => {
  const { app, caller, post, ringsOf, talk } = await open(t)
  await post(`${talk}/transfer`, { to: '102' })
  await post(`${talk.replace('talks', 'calls')}/answer`, { phone: '102' })
  const waiting = await app.ring()
  assert.ok(caller.leg.talk)
  assert.deepEqual(ringsOf('102'), [])
  const answered = app.exchange.alive().find(({ to }) => to === '102')
  assert.equal(answered?.talk, caller.leg.talk)
  await caller.hangsUp()
  assert.equal(ringsOf('102').length, 1)
  await waiting.hangsUp()
})

test('a phone that rings for a caller since before a restart is offered him once he waits', async (t) => {
  const gate = Promise.withResolvers<void>()
  const vestibule = definePlugin({
    name: 'vestibule',
    about: 'Lets callers in when the test says so.',
    settings: Type.Object({}, { default: {} }),
    start({ places, reception }) {
      reception.screen(() => ({ sendTo: 'vestibule', because: 'everybody comes in here' }))
      places.offer('vestibule', async (caller) => {
        await gate.promise
        await caller.transferTo('operators', 'he is let in')
      })
    },
  })
  const app = await startTestApp(t, {
    plugin,
    beside: [vestibule],
    settings: {
      operators: [{ id: 'one', extension: '101', isAlwaysHere: true }],
      queues: [{ name: 'operators', announcements: [] }],
    },
  })
  const { bus, calls, exchange } = app
  exchange.phones.set('101', 'rings')
  await app.ring()
  const [call] = calls.live()
  assert.ok(call)
  bus.publish('call.operator-rung', { call: call.id, leg: 'of before', operator: '101', again: true })
  gate.resolve()
  await settled()
  assert.equal(exchange.alive().filter(({ to }) => to === '101').length, 1)
})
