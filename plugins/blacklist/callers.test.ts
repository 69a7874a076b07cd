import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { plugin } from './plugin.ts'

type TestApp = Awaited<ReturnType<typeof startTestApp>>
const listed = '+380671234567'

async function put(app: TestApp, list: string) {
  const url = '/api/plugins/blacklist/entries'
  const reply = await app.http.inject({ method: 'POST', url, payload: { list, phone: '067 123 45 67' } })
  assert.equal(reply.statusCode, 201)
}

async function startHouse(t: Parameters<typeof startTestApp>[0]) {
  const app = await startTestApp(t, { plugin })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' } } })
  })
  return app
}

test('a black caller hears our sentence and no operator is bothered', async (t) => {
  const app = await startHouse(t)
  const before = await app.ring({ from: listed })
  assert.equal(await before.reaches(), 'operators')
  await before.hangsUp()

  await put(app, 'black')
  const after = await app.ring({ from: listed })
  assert.deepEqual(await after.hears(), ['blacklist.turnedAway'])
  assert.equal(app.factsNamed('call.waiting').length, 1)
  assert.equal(app.factsNamed('call.operator-rung').length, 0)
  assert.equal(app.factsNamed('call.ended').at(-1)?.data.result, 'refused')
  assert.equal(app.factsNamed('call.screened').at(-1)?.data.because, 'on the list Black list')
})

test('a VIP waits with a higher priority than others', async (t) => {
  const app = await startHouse(t)
  await put(app, 'vip')
  await app.ring({ from: '+380501112233' })
  await app.ring({ from: listed })
  const priorities = app.factsNamed('call.waiting').map(({ data }) => data.priority)
  assert.deepEqual(priorities, [0, 10])
})

test('a stranger and a withheld number reach an operator', async (t) => {
  const app = await startHouse(t)
  for (const from of ['+380501112233', undefined]) {
    const caller = await app.ring(from === undefined ? {} : { from })
    assert.equal(await caller.reaches(), 'operators')
  }
})
