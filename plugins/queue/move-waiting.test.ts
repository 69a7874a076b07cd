import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const people = ['101', '102'].map((extension) => ({ id: `op-${extension}`, extension, isAlwaysHere: true }))
const rights = new Set(['talks.supervise', 'operators.move', 'operators.move-any'])

async function openHouse(t: TestContext, before?: Partial<TestAppOptions>) {
  const app = await startTestApp(t, {
    ...before,
    plugin,
    settings: {
      operators: people,
      queues: [
        { name: 'operators', operators: [{ id: 'op-101' }] },
        { name: 'reserve', operators: [{ id: 'op-102' }] },
      ],
    },
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights } })
  })
  for (const phone of ['101', '102']) app.exchange.phones.set(phone, 'rings')
  const post = async (url: string, payload: object) =>
    (await app.http.inject({ method: 'POST', url: `/api/plugins/queue/${url}`, payload })).json()
  return {
    app,
    post,
    ringing: () => app.exchange.alive().flatMap((leg) => (leg.direction === 'out' ? [leg.to] : [])),
    move: (call: string, goal: { to: string } | { operator: string }) => post(`waiting/${call}/move`, goal),
    queue: async () => (await app.http.inject('/api/plugins/queue/queues')).json()[0],
  }
}

test('a supervisor moves somebody who waits to another queue, and his phone elsewhere stops ringing', async (t) => {
  const { app, queue, move, ringing } = await openHouse(t)
  await app.ring()
  const { waiting, isChanged } = await queue()
  const [{ call, offeredTo }] = waiting
  assert.deepEqual([offeredTo, isChanged, ringing()], [['op-101'], false, ['101']])

  assert.equal((await move(call, { to: 'nowhere' })).code, 'NOT_FOUND')
  assert.equal((await move('another', { to: 'reserve' })).code, 'NOT_FOUND')
  assert.deepEqual(await move(call, { to: 'reserve' }), { call, to: 'reserve' })
  await settled()
  assert.deepEqual(
    [app.factsNamed('queue.left').map(({ data }) => data.outcome), ringing()],
    [['moved'], ['102']],
  )
})

test('or lets him wait for one operator, who has to be at work, then for anybody', async (t) => {
  const { app, post, queue, move, ringing } = await openHouse(t)
  await app.ring()
  const [{ call, since }] = (await queue()).waiting

  assert.equal((await move(call, { operator: 'nobody' })).code, 'NOT_FOUND')
  assert.equal((await move('another', { operator: 'op-102' })).code, 'NOT_FOUND')
  const reasons = await app.http.inject('/api/plugins/queue/pause-reasons')
  assert.ok(reasons.json().includes('lunch'))
  await post('operators/op-102/pause', { reason: 'lunch' })
  const refused = await move(call, { operator: 'op-102' })
  assert.deepEqual(
    [refused.code, refused.message.includes('op-102 takes no calls now'), ringing()],
    ['TALK_REFUSED', true, ['101']],
  )
  await post('operators/op-102/ready', {})
  assert.deepEqual(await move(call, { operator: 'op-102' }), { call, operator: 'op-102' })
  await settled()
  const [here] = (await queue()).waiting
  assert.deepEqual(
    [here.since, here.waitsFor, here.offeredTo, ringing()],
    [since, 'op-102', ['op-102'], ['102']],
  )
  const [given] = app.factsNamed('queue.given')
  assert.deepEqual([given?.data.operator, given?.data.seconds, given?.data.by], ['op-102', 60, 'user:ann'])

  await app.clock.advance(22_000)
  await settled()
  assert.deepEqual(ringing(), ['101'], 'one who does not take him has had him')
})

test('after a restart he is still the one whom he was given to, for the time that is left', async (t) => {
  for (const how of ['die', 'close'] as const) {
    const before = await openHouse(t)
    const { exchange, folder, clock } = before.app
    const talking = await before.app.ring()
    const [first] = (await before.queue()).waiting
    await before.move(first.call, { operator: 'op-102' })
    await settled()
    exchange.pickUp('102')
    await settled()
    await before.app.ring()
    const [{ call }] = (await before.queue()).waiting
    await before.move(call, { operator: 'op-102' })
    await clock.advance(10_000)
    await before.app[how]()

    const after = await openHouse(t, { folder, exchange, clock })
    await clock.advance(5_000)
    exchange.connect()
    await settled()
    const [here] = (await after.queue()).waiting
    assert.deepEqual([here.call, here.waitsFor, after.ringing()], [call, 'op-102', ['102']], how)
    await clock.advance(44_000)
    assert.deepEqual((await after.queue()).waiting[0].waitsFor, 'op-102')
    await clock.advance(2_000)
    await settled()
    assert.deepEqual(after.ringing(), ['102', '101'], how)
    exchange.hangUp(talking.leg)
  }
})
