import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { Call } from '#core/calls/call.ts'
import { CallbusError } from '#core/errors.ts'
import { definePlugin, Type } from '#core/plugin.ts'
import type { Dispatch, Order, RecordingLink } from '#core/ports/dispatch.ts'
import { planOf } from '../../test/support/query-plan.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { until } from '../../test/support/until.ts'
import { pauseAfter } from './courier.ts'
import { plugin } from './plugin.ts'
import { recordedSince } from './talks.ts'

const client = '+380671234567'
const order: Order = { id: '77', stage: 'new', state: { id: '1', name: 'Принят' }, phone: client }
const minute = 60_000
const down = new CallbusError('DISPATCH_UNREACHABLE', { reason: 'test' })
const publicUrl = 'https://callbus.taxi.example'

const operators = definePlugin({
  name: 'desk',
  about: 'One operator who answers at once.',
  settings: Type.Object({}),
  start({ places }) {
    places.offer('operators', async (caller) => {
      const operator = await caller.reach({ phones: ['101'], ringFor: 20, show: 'caller' })
      if (operator) await caller.talkTo(operator)
    })
  },
})

type Given = { dispatch?: Partial<Dispatch>; settings?: object } & Pick<TestAppOptions, 'folder' | 'after'>

async function open(t: TestContext, { dispatch, settings = {}, ...life }: Given = {}) {
  const attached: RecordingLink[] = []
  const site = { order: undefined as Order | undefined, attach: async (_link: RecordingLink) => {} }
  const app = await startTestApp(t, {
    plugin,
    beside: [operators],
    settings: { publicUrl, ...settings },
    dispatch: {
      capabilities: new Set(['attachRecording']),
      identify: async () => ({
        kind: 'client',
        category: 'normal',
        orders: site.order ? 1 : 0,
        ...(site.order && { order: site.order }),
      }),
      findOrder: async (id) => (site.order?.id === id ? site.order : undefined),
      async attachRecording(link) {
        await site.attach(link)
        attached.push(link)
        return `record ${attached.length}`
      },
      ...dispatch,
    },
    ...life,
  })
  app.exchange.phones.set('101', 'answers')

  /** A talk of a minute, and its recording. */
  async function talk(recording: string, from: string | undefined = client) {
    const caller = await app.ring(from === undefined ? {} : { from })
    await settled()
    return await talkOfNow(recording, () => caller.hangsUp())
  }

  /** The only talk there is, to its end. */
  async function talkOfNow(recording: string, end: (call: Call) => Promise<void>) {
    const [call] = app.calls.live()
    assert.ok(call)
    app.bus.publish('call.recording-started', { call: call.id, recording })
    await app.clock.advance(minute)
    await end(call)
    app.bus.publish('call.recorded', { call: call.id, recording, seconds: 59.6 })
    await pass(1_000)
    return call
  }

  /** Lets time pass until the plugin has done what was due; its database answers in real time. */
  async function pass(milliseconds: number) {
    await app.clock.advance(milliseconds)
    await settled()
    await app.clock.advance(1)
    await settled()
  }

  const appears = async (stage = 'new') => {
    app.bus.publish('order.stage-changed', { order: order.id, stage, stateName: 'Принят' })
    await settled()
  }
  return { app, attached, site, talk, talkOfNow, pass, appears }
}

test('the recording of a talk is put on the card of the order the caller had', async (t) => {
  const { app, attached, site, talk } = await open(t, { settings: { logins: { '101': 'ivanova' } } })
  site.order = order
  const call = await talk('rec-1')
  assert.equal(attached.length, 1)
  const { file, startedAt, ...link } = attached[0] as RecordingLink
  assert.deepEqual(link, {
    id: 'rec-1-1',
    phone: client,
    seconds: 59.6,
    direction: 'incoming',
    result: 'answered',
    user: 'ivanova',
  })
  assert.equal(startedAt, app.factsNamed('call.recording-started')[0]?.at)
  assert.match(file, /^https:\/\/callbus\.taxi\.example\/api\/plugins\/recording\/recordings\/rec-1\/sound\?/)
  assert.deepEqual(app.factsNamed('call.recording-linked')[0]?.data, {
    call: call.id,
    recording: 'rec-1',
    link: 'rec-1-1',
    order: '77',
  })
})

test('a talk with somebody we rang is marked as outgoing, on the card of the order we rang about', async (t) => {
  const { app, attached, talkOfNow } = await open(t)
  app.exchange.phones.set(client, 'answers')
  const errand = { place: 'operators', about: { order: '77' }, because: 'test', ringFor: 20 }
  await app.calls.ring({ id: randomUUID(), to: client, ...errand }, new AbortController().signal)
  await settled()
  await talkOfNow('rec-1', async (call) => void (await app.calls.hangUp(call.id)))
  assert.deepEqual(
    attached.map(({ id, phone, direction }) => [id, phone, direction]),
    [['rec-1-1', client, 'outgoing']],
  )
  assert.equal(app.factsNamed('call.recording-linked')[0]?.data.order, '77')
})

test('what was recorded while nobody listened is read by an index, however many calls there were', async () => {
  const plan = await planOf((database) => recordedSince(database, 0))
  assert.match(plan, /SEARCH facts USING INDEX facts_recorded/)
})

test('the longest address fits the card', async (t) => {
  const longest = `https://${'c'.repeat(78)}.ua`
  const { attached, talk } = await open(t, { settings: { publicUrl: longest } })
  await talk('rec-0f8fad5b-d9cb-469f-a165-70867728950e')
  assert.ok((attached[0]?.file.length ?? 999) <= 255, String(attached[0]?.file.length))
  assert.ok((attached[0]?.id.length ?? 999) <= 60)
})

test('told of twice, a recording is attached once', async (t) => {
  const { app, attached, site, talk, pass, appears } = await open(t)
  site.order = order
  const call = await talk('rec-1')
  app.bus.publish('call.recorded', { call: call.id, recording: 'rec-1', seconds: 59.6 })
  await appears()
  await pass(60 * minute)
  assert.equal(attached.length, 1)
})

test('without an order it is sent by the number, and again under another id when an order appears', async (t) => {
  const { attached, site, talk, appears, pass } = await open(t)
  await talk('rec-1')
  await talk('rec-2', '+380509998877')
  await pass(10 * minute)
  site.order = order
  await appears()
  assert.deepEqual(
    attached.map(({ id, phone }) => [id, phone]),
    [
      ['rec-1-1', client],
      ['rec-2-1', '+380509998877'],
      ['rec-1-2', client],
    ],
  )
  await appears('searching')
  await pass(60 * minute)
  assert.equal(attached.filter(({ phone }) => phone === client).length, 2)
})

test('an order that nobody told us of is found when its time is up', async (t) => {
  const { attached, site, talk, pass } = await open(t, { settings: { withoutOrder: false } })
  await talk('rec-1')
  assert.equal(attached.length, 0)
  site.order = order
  await pass(31 * minute)
  assert.deepEqual(
    attached.map(({ id }) => id),
    ['rec-1-1'],
  )
})

test('an order that appears too late is no order of that talk', async (t) => {
  const { attached, site, talk, pass, appears } = await open(t, { settings: { withoutOrder: false } })
  await talk('rec-1')
  await pass(31 * minute)
  site.order = order
  await appears()
  await pass(60 * minute)
  assert.equal(attached.length, 0)
})

test('the recording of a caller who withheld his number is on nobody’s card', async (t) => {
  const { app, attached, talk, pass } = await open(t)
  const caller = await app.ring()
  await caller.hangsUp()
  await talk('rec-1', 'anonymous')
  await pass(60 * minute)
  assert.equal(attached.length, 0)
})

test('what is not accepted is sent again under the same id, after growing pauses, until it is', async (t) => {
  const { app, attached, site, talk, pass } = await open(t)
  const tries: { id: string; at: number }[] = []
  site.attach = async ({ id }) => {
    tries.push({ id, at: app.clock.now() })
    if (tries.length < 5)
      throw new CallbusError('DISPATCH_REFUSED', { request: 'x', status: 10, reason: 'internal' })
  }
  await talk('rec-1')
  for (let step = 0; step < 20; step += 1) await pass(10_000)
  assert.deepEqual([...new Set(tries.map(({ id }) => id))], ['rec-1-1'])
  assert.equal(attached.length, 1)
  const pauses = tries.slice(1).map(({ at }, index) => at - (tries[index]?.at ?? 0))
  for (const [index, pause] of pauses.entries()) assert.ok(pause >= pauseAfter(index + 1), String(pauses))
})

test('a dispatch program that is away is not asked for every recording, and gets them all when it is back', async (t) => {
  let tries = 0
  const isAway = async () => {
    tries += 1
    throw down
  }
  const { app, attached, site, talk, pass } = await open(t, { dispatch: { identify: isAway } })
  site.attach = isAway
  for (const recording of ['rec-1', 'rec-2', 'rec-3']) await talk(recording)
  await pass(10 * minute)
  assert.ok(tries <= 12, `${tries} tries in 13 minutes`)
  site.attach = async () => {}
  app.bus.publish('connection.changed', { neighbour: 'dispatch', state: 'connected' })
  await settled()
  assert.deepEqual(attached.map(({ id }) => id).sort(), ['rec-1-1', 'rec-2-1', 'rec-3-1'])
})

test('a dispatch program that never answers who calls holds no recording back for ever', async (t) => {
  const { attached, talk, pass } = await open(t, {
    dispatch: {
      identify: (_phone, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  })
  await talk('rec-1')
  for (let step = 0; step < 12; step += 1) await pass(5_000)
  assert.equal(attached.length, 1)
})

test('what waits survives a restart, and what was attached is not attached again', async (t) => {
  const first = await open(t)
  first.site.order = order
  await first.talk('rec-1')
  first.site.attach = async () => {
    throw down
  }
  await first.talk('rec-2')
  await first.app.close()

  const second = await open(t, { folder: first.app.folder, after: 10 * minute })
  await until(() => second.attached.length > 0, { what: 'the waiting one is sent' })
  await second.pass(60 * minute)
  assert.deepEqual(
    second.attached.map(({ id }) => id),
    ['rec-2-1'],
  )
})

test('a death between sending and noting it repeats the same id, never another', async (t) => {
  const first = await open(t)
  const answer = Promise.withResolvers<never>()
  let isSending = false
  first.site.attach = () => {
    isSending = true
    return answer.promise
  }
  await first.talk('rec-1')
  assert.ok(isSending)

  // To the second life the intent is open, as a kill leaves it: the first never hears an answer.
  const second = await open(t, { folder: first.app.folder, after: 10 * minute })
  await until(() => second.attached.length > 0, { what: 'the open one is settled' })
  await second.pass(60 * minute)
  assert.deepEqual(
    second.attached.map(({ id }) => id),
    ['rec-1-1'],
  )
  assert.equal(second.app.factsNamed('call.recording-linked').length, 1)
  answer.reject(new Error('too late'))
})

test('a recording told of while the plugin was not there is found at the start', async (t) => {
  const without = await startTestApp(t, { plugin: operators })
  without.exchange.phones.set('101', 'answers')
  const caller = await without.ring({ from: client })
  const [call] = without.calls.live()
  assert.ok(call)
  await caller.hangsUp()
  without.bus.publish('call.recorded', { call: call.id, recording: 'rec-9', seconds: 2 })
  await without.close()

  const { attached, pass } = await open(t, { folder: without.folder, after: 10 * minute })
  await pass(1_000)
  assert.deepEqual(
    attached.map(({ id }) => id),
    ['rec-9-1'],
  )
})

test('what is never accepted is given up when its link would open nothing any more', async (t) => {
  const { app, attached, site, talk, pass } = await open(t, { settings: { linkDays: 1 } })
  site.attach = async () => {
    throw new CallbusError('DISPATCH_REFUSED', { request: 'x', status: 9, reason: 'FILE_PATH' })
  }
  await talk('rec-1')
  for (let step = 0; step < 60; step += 1) await pass(30 * minute)
  assert.ok(app.logged.some(({ msg }) => msg === 'A recording was never accepted and is given up'))
  site.attach = async () => {}
  await pass(24 * 60 * minute)
  assert.equal(attached.length, 0)
})

test('a dispatch program that takes no recordings is asked nothing', async (t) => {
  const { attached, talk, pass } = await open(t, { dispatch: { capabilities: new Set() } })
  await talk('rec-1')
  await pass(60 * minute)
  assert.equal(attached.length, 0)
})
