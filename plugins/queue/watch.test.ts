import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { type Alarm, alarmsOf, type View } from './alarms.ts'
import { plugin } from './plugin.ts'

const limits = {
  longWait: 60,
  nobody: 30,
  lineLost: 30,
  longHold: 60,
  longPause: 600,
  unanswered: 2,
  unansweredWithin: 300,
}
const calm: View = { queues: [], operators: [], held: [], lost: [] }
const queue = { name: 'main', isOpen: true, isAnybodyHere: true, waiting: [] }
const kindsOf = (alarms: readonly Alarm[]) => alarms.map(({ key }) => key)

test('each limit is passed at its second, and 0 switches it off', () => {
  const view: View = {
    queues: [
      {
        ...queue,
        waiting: [
          { call: 'late', since: 5_000 },
          { call: 'first', since: 0 },
        ],
      },
    ],
    operators: [
      { id: 'a', state: 'not_ready', since: -540_000, missed: [] },
      { id: 'b', state: 'ready', since: 0, missed: [-200_000, 10_000] },
      { id: 'c', state: 'ready', since: 0, missed: [-290_000, 10_000] },
    ],
    held: [{ call: 'held', operator: 'd', since: 0 }],
    lost: [{ line: 'exchange', since: 30_000 }],
  }
  assert.deepEqual(kindsOf(alarmsOf(view, limits, new Map(), 59_999)), ['unanswered_rings b'])
  assert.deepEqual(kindsOf(alarmsOf(view, limits, new Map(), 60_000)), [
    'long_wait main',
    'line_failed exchange',
    'long_hold held',
    'long_pause a',
    'unanswered_rings b',
  ])
  const off = { ...limits, longWait: 0, lineLost: 0, longHold: 0, longPause: 0, unanswered: 0 }
  assert.deepEqual(alarmsOf(view, off, new Map(), 60_000), [])
})

test('an open queue without anybody is told of, a closed one is not', () => {
  const empty = new Map()
  const at = (now: number, about: object) =>
    kindsOf(alarmsOf({ ...calm, queues: [{ ...queue, isAnybodyHere: false, ...about }] }, limits, empty, now))
  assert.deepEqual(at(0, {}), [])
  assert.deepEqual(at(30_000, {}), ['nobody_signed_in main'])
  assert.deepEqual(at(31_000, { isOpen: false }), [])
  assert.deepEqual(at(32_000, {}), [])
})

const people = [{ id: 'olena', extension: '101' }]

async function open(t: TestContext, alarms: object = {}, about: Partial<TestAppOptions> = {}) {
  const app = await startTestApp(t, {
    plugin,
    settings: { operators: people, alarms: { ...limits, quiet: 15, ...alarms } },
    ...about,
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'olena' }, rights: new Set() } })
  })
  app.exchange.phones.set('101', 'rings')
  const get = async (url: string) => (await app.http.inject(`/api/plugins/queue${url}`)).json()
  const post = async (url: string, payload: object = {}) =>
    (await app.http.inject({ method: 'POST', url: `/api/plugins/queue${url}`, payload })).json()
  return { app, get, post }
}

test('people are told once that nobody is here, and that it is over; soon again is quiet', async (t) => {
  const { app, post, get } = await open(t)
  await app.clock.advance(60_000)
  assert.deepEqual(
    app.told.map(({ about, subject }) => `${about}: ${subject}`),
    ['queue: Queue operators is open and nobody is signed in'],
  )
  assert.deepEqual(
    (await get('/alarms')).map(({ kind }: { kind: string }) => kind),
    ['nobody_signed_in'],
  )
  await post('/operators/olena/sign-in')
  await app.clock.advance(5_000)
  assert.match(app.told[1]?.subject ?? '', /^Over: /)
  await post('/operators/olena/sign-out')
  await app.clock.advance(60_000)
  assert.equal(app.told.length, 2)
  assert.equal(app.factsNamed('alarm.began').length, 2)
})

test('an alarm outlives a restart and is told once', async (t) => {
  const { app } = await open(t)
  await app.clock.advance(60_000)
  await app.close()
  const next = await open(t, {}, { folder: app.folder, clock: app.clock })
  await next.app.clock.advance(60_000)
  assert.deepEqual([next.app.told, next.app.factsNamed('alarm.began')], [[], []])
  await next.post('/operators/olena/sign-in')
  await next.app.clock.advance(5_000)
  assert.match(next.app.told[0]?.subject ?? '', /^Over: /)
})

test('a caller who waits too long and a line that is away are told of', async (t) => {
  const { app } = await open(t, { nobody: 0, tell: ['long_wait', 'line_failed'] })
  const caller = await app.ring()
  app.bus.publish('connection.changed', { neighbour: 'exchange', state: 'lost' })
  await app.clock.advance(60_000)
  assert.deepEqual(
    app.told.map(({ about }) => about),
    ['lines', 'queue'],
  )
  app.bus.publish('connection.changed', { neighbour: 'exchange', state: 'connected' })
  await caller.hangsUp()
  await app.clock.advance(5_000)
  assert.equal(app.told.length, 4)
})

test('whoever leaves rings unanswered or pauses for long has a flag', async (t) => {
  const { app, post, get } = await open(t, { longPause: 60, tell: [] })
  await post('/operators/olena/sign-in')
  app.exchange.phones.set('101', 'no-answer')
  await app.ring()
  await settled()
  await app.clock.advance(60_000)
  const [olena] = await get('/operators')
  assert.deepEqual(
    [olena.state, olena.reason, olena.flags.sort()],
    ['not_ready', 'no answer', ['long_pause', 'unanswered_rings']],
  )
  app.exchange.phones.set('101', 'answers')
  await post('/operators/olena/ready')
  await app.clock.advance(5_000)
  assert.deepEqual((await get('/operators'))[0].flags, [])
  assert.deepEqual(app.told, [])
})

test('a caller left on hold for long is a flag of his operator, and the hold is part of his time', async (t) => {
  const { app, post, get } = await open(t, { tell: [] })
  await post('/operators/olena/sign-in')
  app.exchange.phones.set('101', 'answers')
  const caller = await app.ring()
  await settled()
  const [{ data: talking } = assert.fail()] = app.factsNamed('call.talking')
  const { call, talk } = talking
  app.bus.publish('call.held', { call, talk, with: '101', by: 'olena' })
  await app.clock.advance(65_000)
  assert.deepEqual((await get('/operators'))[0].flags, ['long_hold'])
  app.bus.publish('call.unheld', { call, talk, with: '101', seconds: 65 })
  await app.clock.advance(5_000)
  assert.deepEqual((await get('/operators'))[0].flags, [])
  await caller.hangsUp()
  const period = `from=0&until=${app.clock.now() + 1}`
  const { averageTalk, averageHold, averageHandling } = await get(`/figures?${period}`)
  assert.deepEqual([averageTalk, averageHold, averageHandling], [5, 65, 70])
})

/** Olena has talked with somebody for a minute and a half. */
async function openTalk(t: TestContext) {
  const house = await open(t, { tell: [] })
  const { app, post } = house
  await post('/operators/olena/sign-in')
  app.exchange.phones.set('101', 'answers')
  const caller = await app.ring()
  await settled()
  const [{ data } = assert.fail()] = app.factsNamed('call.talking')
  await app.clock.advance(90_000)
  return { ...house, caller, call: data.call, talk: data.talk }
}

test('the longest hold counts from its true beginning, also after a restart', async (t) => {
  const { app, get, caller, call, talk } = await openTalk(t)
  app.bus.publish('call.held', { call, talk, with: '101', by: '101', since: app.clock.now() - 60_000 })
  await app.clock.advance(5_000)
  assert.deepEqual((await get('/operators'))[0].flags, ['long_hold'])
  app.bus.publish('call.unheld', { call, talk, with: '101', seconds: 65 })
  await caller.hangsUp()
  const { averageHold } = await get(`/figures?from=0&until=${app.clock.now() + 1}`)
  assert.equal(averageHold, 65)
})

test('a hold that ended while we were away is part of his time as well', async (t) => {
  const { app, get, caller, call, talk } = await openTalk(t)
  app.bus.publish('call.unheld', { call, talk, with: '101', seconds: 65 })
  await caller.hangsUp()
  const { averageHold } = await get(`/figures?from=0&until=${app.clock.now() + 1}`)
  assert.equal(averageHold, 65)
})
