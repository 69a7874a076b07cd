import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'
import type { QueueTables } from './tables.ts'

interface About {
  queue?: object
  more?: object[]
  settings?: object
  app?: Partial<TestAppOptions>
}

const people = ['101', '102'].map((extension) => ({ id: `op-${extension}`, extension, isAlwaysHere: true }))

async function open(t: TestContext, { queue = {}, more = [], settings = {}, app: about = {} }: About = {}) {
  const app = await startTestApp(t, {
    plugin,
    settings: { operators: people, queues: [{ name: 'operators', ...queue }, ...more], ...settings },
    ...about,
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set(['operators.move-any']) } })
  })
  for (const phone of ['101', '102', '105']) app.exchange.phones.set(phone, 'rings')
  const ringing = () =>
    app.exchange
      .alive()
      .filter((leg) => leg.direction === 'out' && !leg.isUp)
      .map((leg) => leg.to)
      .sort()
  const pickUp = async (phone: string) => {
    app.exchange.pickUp(phone)
    await settled()
  }
  const outcomes = () => app.factsNamed('queue.left').map(({ data }) => data.outcome)
  const post = async (url: string, payload: object = {}) =>
    (await app.http.inject({ method: 'POST', url: `/api/plugins/queue${url}`, payload })).json()
  return { app, ringing, pickUp, outcomes, post }
}

test('every free phone rings with music for the caller, the first to answer talks, the rest stop', async (t) => {
  const { app, ringing, pickUp, outcomes } = await open(t)
  const caller = await app.ring({ from: '+380671234567' })
  assert.deepEqual(ringing(), ['101', '102'])
  assert.ok(caller.leg.hasMusic)
  assert.equal(caller.hearing(), undefined)
  await pickUp('101')
  assert.ok(caller.leg.talk)
  assert.deepEqual(ringing(), [])
  assert.deepEqual(outcomes(), ['answered'])
  const states = app.factsNamed('operator.changed').map(({ data }) => `${data.operator} ${data.state}`)
  assert.deepEqual(states.slice(-2).sort(), ['op-101 talking', 'op-102 ready'])
})

test('whoever waits hears where he stands and how long, and an operator who comes free cuts it short', async (t) => {
  const { app, ringing, pickUp } = await open(t, { settings: { operators: people.slice(0, 1) } })
  const first = await app.ring()
  await pickUp('101')
  const second = await app.ring()
  assert.deepEqual(second.hearing(), ['queue.everyoneBusy', 'queue.position', 'queue.wait'])
  await first.hangsUp()
  assert.deepEqual(ringing(), ['101'])
  await pickUp('101')
  assert.ok(second.leg.talk)
  assert.equal(second.hearing(), undefined)
})

test('fifty callers to two operators: nobody hears busy, all are served in the order in which they came', async (t) => {
  const { app, pickUp, outcomes } = await open(t, { queue: { strategy: { is: 'round_robin' } } })
  const callers: Awaited<ReturnType<typeof app.ring>>[] = []
  for (let number = 0; number < 50; number += 1) callers.push(await app.ring())
  const positions = app.factsNamed('queue.entered').map(({ data }) => data.position)
  assert.deepEqual(positions.slice(0, 4), [1, 2, 3, 4])
  const served: number[] = []
  for (let turn = 0; turn < 50; turn += 1) {
    const phone = turn % 2 === 0 ? '101' : '102'
    await pickUp(phone)
    const talking = callers.findIndex(({ leg }, index) => leg.talk !== undefined && !served.includes(index))
    served.push(talking)
    await callers[talking]?.hangsUp()
  }
  assert.deepEqual(
    served,
    served.toSorted((one, other) => one - other),
  )
  assert.equal(outcomes().filter((outcome) => outcome === 'answered').length, 50)
})

test('a VIP of the dispatch program is served before those who came earlier', async (t) => {
  const identify = async (phone: string) => ({
    kind: 'client' as const,
    category: 'normal' as const,
    isVip: phone.endsWith('9'),
    orders: 0,
  })
  const { app, pickUp } = await open(t, {
    settings: { operators: people.slice(0, 1) },
    app: { dispatch: { identify } },
  })
  const talking = await app.ring({ from: '+380670000001' })
  await pickUp('101')
  const early = await app.ring({ from: '+380670000002' })
  const vip = await app.ring({ from: '+380670000009' })
  await talking.hangsUp()
  await pickUp('101')
  assert.ok(vip.leg.talk)
  assert.equal(early.leg.talk, undefined)
})

test('whom nobody answers in time is told so and led to the fallback of the exchange', async (t) => {
  const { app, outcomes } = await open(t, { queue: { maximumWait: 30, ringFor: 10, announcements: [] } })
  const caller = await app.ring()
  await app.clock.advance(30_000)
  assert.deepEqual(caller.hearing(), ['queue.nobodyFree'])
  await caller.hears()
  assert.deepEqual(app.exchange.released, [caller.leg.leg])
  assert.deepEqual(outcomes(), ['timed_out'])
})

test('who waits too long goes on in another queue, where his whole wait counts', async (t) => {
  const { app, ringing, outcomes } = await open(t, {
    queue: { operators: [{ id: 'op-101' }], overflow: { after: 20, to: 'reserve' }, ringFor: 60 },
    more: [{ name: 'reserve', operators: [{ id: 'op-102' }] }],
  })
  await app.ring()
  await app.clock.advance(20_000)
  assert.deepEqual(ringing(), ['102'])
  assert.deepEqual(outcomes(), ['overflowed'])
  const [, second] = app.factsNamed('queue.entered')
  assert.equal(second?.data.queue, 'reserve')
  await app.clock.advance(1_000)
  const rows = await app.database
    .withTables<QueueTables>()
    .selectFrom('queue_entries')
    .selectAll()
    .orderBy('entered_at')
    .execute()
  assert.deepEqual(
    rows.map(({ arrived_at, entered_at }) => entered_at - arrived_at),
    [0, 20_000],
  )
})

test('outside the hours a caller hears so instead of a busy tone', async (t) => {
  const { app, outcomes } = await open(t, {
    queue: { calendar: { hours: [{ days: ['mon'], from: '08:00', to: '12:00' }] } },
  })
  const caller = await app.ring()
  assert.deepEqual(await caller.hears(), ['queue.closed'])
  assert.ok(caller.leg.ended)
  assert.deepEqual(outcomes(), ['no_operators'])
})

test('a caller who hangs up leaves no phone ringing and is counted as abandoned', async (t) => {
  const { app, ringing, outcomes } = await open(t)
  const caller = await app.ring()
  await caller.hangsUp()
  assert.deepEqual(ringing(), [])
  assert.deepEqual(outcomes(), ['abandoned'])
  await app.ring()
  assert.deepEqual(ringing(), ['101', '102'])
})

test('a waiting caller dials an extension, and keeps his place when nobody answers there', async (t) => {
  const { app, ringing, pickUp } = await open(t, {
    queue: { operators: [{ id: 'op-101' }], strategy: { is: 'longest_idle' } },
  })
  await app.ring()
  await pickUp('101')
  const caller = await app.ring()
  for (const key of '102') await caller.presses(key)
  assert.deepEqual(ringing(), ['102'])
  await app.clock.advance(20_000)
  assert.deepEqual(caller.hearing(), ['queue.notThere'])
  await caller.hears()
  for (const key of '102') await caller.presses(key)
  await pickUp('102')
  assert.ok(caller.leg.talk)
})

test('a key that could begin an extension waits for the next one; keys work while the greeting is spoken', async (t) => {
  const { app, outcomes, pickUp, ringing } = await open(t, {
    settings: { keys: { 1: 'reserve', 7: 'op-102', '*': 'repeat' } },
    queue: {
      operators: [{ id: 'op-101' }],
      announcements: [{ after: 0, say: ['greeting', 'busy', 'position'] }],
    },
    more: [{ name: 'reserve', operators: [{ id: 'op-102' }] }],
  })
  await app.ring()
  await pickUp('101')
  const dials = await app.ring()
  assert.deepEqual(dials.hearing(), ['queue.greeting', 'queue.everyoneBusy', 'queue.position'])
  for (const key of '102') await dials.presses(key)
  assert.equal(dials.hearing(), undefined)
  await pickUp('102')
  assert.ok(dials.leg.talk)
  await dials.hangsUp()

  const repeats = await app.ring()
  await repeats.hears()
  await repeats.presses('*')
  assert.deepEqual(repeats.hearing(), ['queue.greeting', 'queue.everyoneBusy', 'queue.position'])
  await repeats.presses('7')
  assert.deepEqual(ringing(), ['102'], 'a key may be a person')
  await repeats.hangsUp()

  const left = outcomes().length
  const elsewhere = await app.ring()
  await elsewhere.presses('1')
  assert.equal(outcomes().length, left)
  await app.clock.advance(1_500)
  assert.deepEqual(outcomes().slice(left), ['left_by_key'])
  assert.equal(app.factsNamed('queue.entered').at(-1)?.data.queue, 'reserve')
})

test('an operator who is busy is not rung by who dials him', async (t) => {
  const { app, pickUp, ringing } = await open(t, { settings: { operators: people.slice(0, 1) } })
  await app.ring()
  await pickUp('101')
  const caller = await app.ring()
  for (const key of '101') await caller.presses(key)
  assert.deepEqual([ringing(), caller.hearing()], [[], ['queue.notThere']])
})

test('an operator whose phone another place rings is offered nobody until that is over', async (t) => {
  const manager = definePlugin({
    name: 'manager',
    about: 'Rings one phone.',
    settings: Type.Object({}, { default: {} }),
    start({ places, reception }) {
      reception.screen(({ from }) =>
        from === '+380670000009' ? { sendTo: 'manager', because: 'his' } : 'welcome',
      )
      places.offer('manager', async (caller) => {
        await caller.answer()
        const partner = await caller.reach({ phones: ['101'], ringFor: 20, show: 'caller' })
        if (partner) await caller.talkTo(partner)
      })
    },
  })
  const { app, pickUp, ringing, post } = await open(t, {
    settings: { operators: people.slice(0, 1) },
    app: { beside: [manager] },
  })
  const state = async () => {
    const [{ state, reason }] = (await app.http.inject('/api/plugins/queue/operators')).json()
    return [state, reason]
  }
  const vip = await app.ring({ from: '+380670000009' })
  assert.deepEqual(await state(), ['not_ready', 'rung directly'])
  const waiting = await app.ring()
  assert.deepEqual(ringing(), ['101'])
  await pickUp('101')
  assert.ok(vip.leg.talk)
  assert.equal((await state())[0], 'talking')
  await vip.hangsUp()
  assert.deepEqual(ringing(), ['101'])
  await waiting.hangsUp()

  const missed = await app.ring({ from: '+380670000009' })
  await post('/operators/op-101/pause', { reason: 'lunch' })
  await missed.hangsUp()
  assert.deepEqual(await state(), ['not_ready', 'lunch'])
})

test('a key leads elsewhere', async (t) => {
  const { app, outcomes } = await open(t, {
    settings: { keys: { 7: 'reserve' } },
    more: [{ name: 'reserve', operators: [{ id: 'op-102' }] }],
  })
  const caller = await app.ring()
  await caller.presses('7')
  assert.deepEqual(outcomes(), ['left_by_key'])
  assert.equal(app.factsNamed('queue.entered').at(-1)?.data.queue, 'reserve')
})

test('operators sign in with a phone that follows them, pause with a reason, and are paused when they do not answer', async (t) => {
  const { app, ringing, post } = await open(t, {
    settings: { operators: [{ id: 'olena' }, { id: 'taras', extension: '102' }] },
    queue: { ringFor: 10 },
  })
  await app.ring()
  assert.deepEqual(ringing(), [])
  assert.equal((await post('/operators/olena/sign-in', { extension: '105' })).state, 'ringing')
  await settled()
  assert.deepEqual(ringing(), ['105'])
  assert.equal((await post('/operators/taras/sign-in', { extension: '105' })).code, 'CONFLICT')
  await app.clock.advance(10_000)
  await app.clock.advance(10_000)
  const [olena] = (await app.http.inject('/api/plugins/queue/operators')).json()
  assert.deepEqual([olena.state, olena.reason], ['not_ready', 'no answer'])
  assert.equal((await post('/operators/olena/ready')).state, 'ringing')
  await post('/operators/olena/pause', { reason: 'lunch' })
})

test('a strategy is changed from the next call on, and taken back', async (t) => {
  const { app, ringing, post } = await open(t)
  const changed = await app.http.inject({
    method: 'PUT',
    url: '/api/plugins/queue/queues/operators/strategy',
    payload: { is: 'round_robin' },
  })
  assert.equal(changed.statusCode, 200, changed.body)
  const first = await app.ring()
  assert.deepEqual(ringing(), ['101'])
  await first.hangsUp()
  assert.equal((await post('/queues/operators/strategy/undo')).is, 'ring_all')
  await app.ring()
  assert.deepEqual(ringing(), ['101', '102'])
})

test('figures are queries over the journal', async (t) => {
  const { app, pickUp } = await open(t, { queue: { announcements: [] } })
  const start = app.clock.now()
  const answered = await app.ring()
  await app.clock.advance(10_000)
  await pickUp('101')
  await app.clock.advance(60_000)
  await answered.hangsUp()
  app.exchange.phones.set('101', 'busy').set('102', 'busy')
  const lost = await app.ring()
  await app.clock.advance(30_000)
  await lost.hangsUp()
  const period = `from=${start}&until=${app.clock.now() + 1}`
  const figures = (await app.http.inject(`/api/plugins/queue/figures?${period}`)).json()
  assert.deepEqual(figures.outcomes, { abandoned: 1, answered: 1 })
  assert.deepEqual([figures.serviceLevel, figures.abandonRate, figures.median], [0.5, 0.5, 10])
  const [first] = (await app.http.inject(`/api/plugins/queue/figures/operators?${period}`)).json()
  assert.deepEqual([first.operator, first.talking, first.answered], ['op-101', 60, 1])
  const get = async (url: string) =>
    (await app.http.inject(`/api/plugins/queue/figures${url}&${period}`)).json()
  const { intervals } = await get('?step=quarter')
  assert.deepEqual(
    intervals.map(({ offered }: { offered: number }) => offered),
    [2],
  )
  const [row] = await get('/rows?figure=abandoned')
  assert.deepEqual([row.wait, row.outcome], [30, 'abandoned'])
  // The scripted exchange stamps its legs by the clock of the wall.
  const ever = `from=0&until=${Date.now() + 1}`
  const lostCalls = (await app.http.inject(`/api/plugins/queue/figures/lost?${ever}`)).json()
  assert.deepEqual([lostCalls.calls, lostCalls.results.answered, lostCalls.results.lost], [2, 1, 1])
  const lostRows = (await app.http.inject(`/api/plugins/queue/figures/lost/rows?${ever}&result=lost`)).json()
  assert.equal(lostRows.length, 1)
  const states = (await get('/operators/rows?operator=op-101')).map(({ state }: { state: string }) => state)
  assert.deepEqual(states.slice(0, 3), ['ringing', 'talking', 'ready'])
  assert.equal((await app.http.inject('/api/plugins/queue/figures?from=2&until=1')).statusCode, 400)
})

test('over a restart places and arrival are kept, operators stay where they are, and talks keep their operator', async (t) => {
  const about: About = {
    queue: { strategy: { is: 'round_robin' } },
    settings: { operators: people.slice(0, 1) },
  }
  const before = await open(t, about)
  const talking = await before.app.ring()
  await before.pickUp('101')
  await before.app.clock.advance(1_000)
  const waiting = await before.app.ring()
  await before.app.clock.advance(10_000)
  await before.app.die()

  const { folder, exchange, clock } = before.app
  const after = await open(t, { ...about, app: { folder, exchange, clock } })
  await clock.advance(5_000)
  exchange.connect()
  await settled()
  assert.deepEqual(after.ringing(), [])
  const [queue] = (await after.app.http.inject('/api/plugins/queue/queues')).json()
  assert.deepEqual(
    queue.waiting.map(({ since }: { since: number }) => clock.now() - since),
    [15_000],
  )
  exchange.hangUp(talking.leg)
  await settled()
  await after.pickUp('101')
  assert.ok(waiting.leg.talk)
  assert.deepEqual(
    after.app.factsNamed('queue.entered').map(({ data }) => data.again),
    [true],
  )
  const period = `from=${clock.now() - 60_000}&until=${clock.now() + 1}`
  const figures = (await after.app.http.inject(`/api/plugins/queue/figures?${period}`)).json()
  assert.deepEqual(figures.outcomes, { answered: 2 })
  assert.equal(figures.longest, 15)
})
