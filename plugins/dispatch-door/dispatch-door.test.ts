import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { rights } from '#core/users/rights.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { until } from '../../test/support/until.ts'
import { plugin } from './plugin.ts'
import { openRequests } from './requests.ts'
import type { DoorTables } from './tables.ts'

const client = '+380671234567'
const driver = '+380501112233'

async function open(t: TestContext, allowed: readonly string[] = rights) {
  const app = await startTestApp(t, {
    plugin,
    dispatch: {
      identify: async () => ({
        kind: 'client',
        category: 'normal',
        orders: 1,
        order: { id: '77', stage: 'arrived', state: { id: '10', name: 'На місці' } },
      }),
    },
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { id: 'u1', name: 'program' }, rights: new Set(allowed) } })
  })
  const send = (path: string, body: object, key?: string) =>
    app.http.inject({
      method: 'POST',
      url: `/api/dispatch/v1${path}`,
      headers: key === undefined ? {} : { 'idempotency-key': key },
      body,
    })
  const ask = (path: string) => app.http.inject(`/api/dispatch/v1${path}`)
  const database = app.database.withTables<DoorTables>()
  return { app, send, ask, database }
}

test('an order moved is told once, with what the program said of it', async (t) => {
  const { app, send } = await open(t)
  const body = {
    stage: 'arrived',
    stateName: 'На місці',
    minutes: 2,
    phone: '067 123 45 67',
    car: { plate: 'AA1' },
  }
  const answer = await send('/orders/77/stage', body, 'k1')
  assert.equal(answer.statusCode, 202)
  assert.deepEqual(answer.json(), { outcome: 'moved', isRepeat: false })
  const [fact, ...more] = app.factsNamed('order.stage-changed')
  assert.deepEqual(more, [])
  assert.ok(fact)
  const { request, ...data } = fact.data
  assert.ok(request)
  assert.deepEqual(data, { order: '77', ...body, phone: client })
})

test('the same key is answered the same and done once, another request under it is refused', async (t) => {
  const { app, send } = await open(t)
  const wish = { phone: client, order: '77', action: 'arrived' }
  const first = (await send('/call-backs', wish, 'k1')).json()
  assert.deepEqual((await send('/call-backs', wish, 'k1')).json(), { ...first, isRepeat: true })
  const other = await send('/call-backs', { ...wish, action: 'delayed' }, 'k1')
  assert.deepEqual([other.statusCode, other.json().code], [422, 'KEY_REUSED'])
  assert.equal(app.factsNamed('callback.requested').length, 1)
  await send('/call-backs', wish, 'k2')
  assert.equal(app.factsNamed('callback.requested').length, 2)
})

test('the same move under its key is the same, in whatever order its members come', async (t) => {
  const { send } = await open(t)
  const car = { colour: 'white', make: 'Skoda', plate: 'AA1234BB' }
  const { plate, make, colour } = car
  await send('/orders/77/stage', { stage: 'assigned', minutes: 4, car, phone: client }, 'k1')
  const again = { phone: client, car: { plate, make, colour }, minutes: 4, stage: 'assigned' }
  const answer = await send('/orders/77/stage', again, 'k1')
  assert.deepEqual([answer.statusCode, answer.json().isRepeat], [202, true])
})

test('many at once under one key are one', async (t) => {
  const { app, send } = await open(t)
  const wish = { phones: [client, driver], order: '77' }
  const answers = await Promise.all(Array.from({ length: 8 }, () => send('/joins', wish, 'k1')))
  assert.equal(answers.filter((answer) => !answer.json().isRepeat).length, 1)
  assert.deepEqual(
    app.factsNamed('join.requested').map(({ data }) => data.phones),
    [[client, driver]],
  )
})

test('a stage known already and old news are no moves, whoever told it first', async (t) => {
  const { app, send } = await open(t)
  const tell = async (stage: string, at: number) =>
    (await send('/orders/77/stage', { stage, at }, `${stage}-${at}`)).json().outcome
  app.bus.publish('order.stage-changed', { order: '77', stage: 'assigned', stateName: 'Призначено' })
  await settled()
  assert.equal(await tell('assigned', 1_000), 'known')
  assert.equal(await tell('arrived', 3_000), 'moved')
  assert.equal(await tell('driver_on_way', 2_000), 'old')
  assert.deepEqual(
    app.factsNamed('order.stage-changed').map(({ data }) => [data.from, data.stage]),
    [
      [undefined, 'assigned'],
      ['assigned', 'arrived'],
    ],
  )
})

test('over MQTT the id of the command is the key', async (t) => {
  const { app } = await open(t)
  const say = () => app.command('call-back.request', { id: 'm1', phone: client, action: 'arrived' })
  const { answer } = await say()
  assert.equal((answer as { outcome: string }).outcome, 'accepted')
  await say()
  await app.command('order.tell-stage', { id: 'm2', order: '77', stage: 'done' })
  await app.command('join.request', { id: 'm3', phones: [client, driver] })
  assert.deepEqual(
    app.facts.map(({ name }) => name),
    ['callback.requested', 'order.stage-changed', 'join.requested'],
  )
  const { error } = await app.command('call-back.request', { id: 'm4', phone: 'nobody', action: 'arrived' })
  assert.equal(error?.code, 'REQUEST_INVALID')
})

test('a move that was accepted and not told before a kill is told by the next process, once', async (t) => {
  const { app, send, database } = await open(t)
  await send('/orders/77/stage', { stage: 'arrived' }, 'k1')
  const request = app.factsNamed('order.stage-changed')[0]?.data.request ?? ''
  const row = () =>
    database.selectFrom('dispatch_door_requests').selectAll().where('id', '=', request).executeTakeFirst()
  await app.clock.advance(1_000)
  await until(async () => (await row())?.is_told === 1, { what: 'the request to be noted as told' })

  const told = await row()
  await database.updateTable('dispatch_door_requests').set({ is_told: 0 }).execute()
  const lost = { ...told, id: 'lost', key: 'k2', is_told: 0, fact: told?.fact?.replace(request, 'lost') }
  await database
    .insertInto('dispatch_door_requests')
    .values(lost as never)
    .execute()

  for (const _restart of [1, 2]) {
    await using cleanup = new AsyncDisposableStack()
    const requests = openRequests({ ...house(app), cleanup, database })
    await requests.tellLeftOvers()
  }
  assert.deepEqual(
    app.factsNamed('order.stage-changed').map(({ data }) => data.request),
    [request, 'lost'],
  )
})

for (const [what, path, body, key] of [
  ['no key', '/call-backs', { phone: client, action: 'arrived' }, undefined],
  ['no phone number', '/call-backs', { phone: 'nobody', action: 'arrived' }, 'k'],
  ['an unknown stage', '/orders/1/stage', { stage: 'flown' }, 'k'],
  ['a word nobody knows', '/joins', { phones: [client, driver], recrod: true }, 'k'],
  ['one phone', '/joins', { phones: [client] }, 'k'],
] as const) {
  test(`${what} is refused and nothing is told`, async (t) => {
    const { app, send } = await open(t)
    const answer = await send(path, body, key)
    assert.equal(answer.statusCode, 400)
    assert.deepEqual(app.facts, [])
  })
}

test('a program sees who is calling, about which order, and what he pressed', async (t) => {
  const { app, ask } = await open(t)
  const caller = await app.ring({ from: client })
  const [call] = (await ask('/calls?live=true')).json().calls
  assert.deepEqual([call.from, call.kind, call.order], [client, 'client', '77'])
  app.bus.publish('call.key-pressed', { call: call.id, key: '1' })
  app.bus.publish('call.recorded', { call: call.id, recording: 'rec-1', seconds: 42 })
  await caller.hangsUp()

  const story = (await ask(`/calls/${call.id}`)).json()
  assert.deepEqual(
    story.pressed.map(({ key }: { key: string }) => key),
    ['1'],
  )
  const { recordings } = (await ask(`/calls/${call.id}/recordings`)).json()
  assert.deepEqual(
    recordings.map(({ id, sound }: { id: string; sound: string }) => [id, sound]),
    [['rec-1', '/api/plugins/recording/recordings/rec-1/sound']],
  )
  assert.equal((await ask('/calls/unknown')).statusCode, 404)
})

test('phones are masked for a program that may not read them', async (t) => {
  const { app, ask } = await open(t, ['calls.read'])
  await app.ring({ from: client })
  const listed = (await ask('/calls?live=true')).body
  assert.ok(!listed.includes(client), listed)
  const [{ id }] = JSON.parse(listed).calls
  assert.ok(!(await ask(`/calls/${id}`)).body.includes(client))
  assert.equal((await ask(`/calls?phone=${encodeURIComponent(client)}`)).statusCode, 403)
})

test('requests are forgotten after their days', async (t) => {
  const { app, send, database } = await open(t)
  await send('/orders/77/stage', { stage: 'arrived' }, 'k1')
  await app.clock.advance(1_000)
  await until(
    async () => (await database.selectFrom('dispatch_door_requests').selectAll().execute())[0]?.is_told === 1,
    { what: 'the request to be noted as told' },
  )
  await using cleanup = new AsyncDisposableStack()
  const requests = openRequests({ ...house(app), cleanup, database })
  assert.equal(await requests.prune(14), 0)
  await app.clock.advance(15 * 24 * 60 * 60 * 1_000)
  assert.equal(await requests.prune(14), 1)
  assert.equal((await send('/orders/77/stage', { stage: 'arrived' }, 'k1')).json().outcome, 'moved')
})

function house(app: Awaited<ReturnType<typeof open>>['app']) {
  const keepRequest = () => Promise.reject(new Error('nobody asks for a call here'))
  return { keepRequest, bus: app.bus, clock: app.clock, journal: app.journal, log: app.log }
}
