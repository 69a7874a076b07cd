import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import { startTestApp, type TestAppOptions } from '../../../test/support/test-app.ts'
import { settled } from '../../../test/support/test-clock.ts'
import { plugin } from '../plugin.ts'
import type { QueueTables } from '../tables.ts'

const client = '+380671234567'
const other = '+380501112233'
const minute = 60_000

interface About {
  queue?: object
  settings?: object
  app?: Partial<TestAppOptions>
}

async function open(t: TestContext, { queue = {}, settings = {}, app: about = {} }: About = {}) {
  const app = await startTestApp(t, {
    plugin,
    settings: {
      operators: [{ id: 'olena', extension: '101', isAlwaysHere: true }],
      queues: [{ name: 'operators', announcements: [], maximumWait: 7_200, ...queue }],
      keys: { 5: 'call-back' },
      ...settings,
    },
    ...about,
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set(['phones.read']) } })
  })
  const { exchange, clock } = app
  for (const phone of ['101', client, other])
    if (!exchange.phones.has(phone)) exchange.phones.set(phone, 'rings')

  const ringing = () =>
    exchange
      .alive()
      .filter((leg) => leg.direction === 'out' && !leg.isUp)
      .map((leg) => leg.to)
      .sort()
  const database = app.database.withTables<QueueTables>()
  return {
    app,
    clock,
    exchange,
    ringing,
    async pickUp(phone: string) {
      const leg = exchange.pickUp(phone)
      await settled()
      assert.ok(leg, `${phone} does not ring`)
      return leg
    },
    /** The one operator talks to somebody. */
    async everybodyTalks(from = '+380931234567') {
      const talking = await app.ring({ from })
      await this.pickUp('101')
      return talking
    },
    /** Asks to be called back and hangs up. */
    async hangsUpKeepingHisPlace(from = client) {
      const caller = await app.ring({ from })
      await caller.presses('5')
      await caller.hangsUp()
      return caller
    },
    placed: () => app.factsNamed('call.placed').map(({ data }) => data.to),
    closed: () => app.factsNamed('queue.call-back-closed').map(({ data }) => data.result),
    rows: () => database.selectFrom('queue_call_backs').selectAll().execute(),
    tries: () => database.selectFrom('queue_call_back_tries').selectAll().orderBy('attempt').execute(),
    position: async () => {
      const [queue] = (await app.http.inject('/api/plugins/queue/queues')).json()
      return queue.waiting.map(({ entry }: { entry: string }) => entry)
    },
  }
}
type House = Awaited<ReturnType<typeof open>>

async function talkToHisOperator(house: House, him: string = client) {
  const { exchange, pickUp, ringing } = house
  assert.deepEqual(ringing(), [him])
  const leg = await pickUp(him)
  assert.deepEqual(leg.playing?.media, ['queue.calledBack'])
  assert.deepEqual(ringing(), ['101'])
  await pickUp('101')
  assert.ok(leg.talk)
  exchange.hangUp(leg)
  await settled()
}

test('he hears what he is promised, hangs up, keeps his place, and talks to an operator when his turn comes', async (t) => {
  const house = await open(t)
  const { app } = house
  const talking = await house.everybodyTalks()
  const caller = await app.ring({ from: client })
  await house.clock.advance(1)
  const behind = await app.ring({ from: '+380639998877' })
  await caller.presses('5')
  assert.deepEqual(caller.hearing(), ['queue.willCall', 'queue.otherPhone'])
  const [told] = app.factsNamed('queue.call-back-asked')
  assert.deepEqual([told?.data.phone, told?.data.queue], [client, 'operators'])
  await caller.hangsUp()
  assert.deepEqual(
    app
      .factsNamed('queue.left')
      .map(({ data }) => data.outcome)
      .at(-1),
    'callback',
  )
  assert.equal(app.factsNamed('call.ended').at(-1)?.data.result, 'lost', 'until he is reached')
  assert.deepEqual((await house.position())[0], told?.data.callBack)
  assert.deepEqual(house.ringing(), [])

  await talking.hangsUp()
  await talkToHisOperator(house)
  assert.deepEqual(house.closed(), ['joined'])
  assert.deepEqual(house.ringing(), ['101'], 'and now for him who came later')
  await house.pickUp('101')
  assert.ok(behind.leg.talk)
  const [row] = await house.rows()
  assert.deepEqual([row?.state, row?.operator], ['joined', 'olena'])
})

test('whoever waits long is offered a call-back at the beginning and twice more', async (t) => {
  const house = await open(t, {
    queue: { announcements: [{ after: 0, say: ['position'] }], repeatEvery: 30, expectedTalk: 300 },
  })
  await house.everybodyTalks()
  const caller = await house.app.ring({ from: client })
  for (let turn = 0; turn < 5; turn += 1) {
    await caller.hears()
    await house.clock.advance(30_000)
  }
  const offers = (await caller.hears()).filter((each) => each === 'queue.offerCallBack')
  assert.equal(offers.length, 3)
})

test('an operator is kept for him no longer than he may, and he who is not reached is tried twice more', async (t) => {
  const house = await open(t)
  const { app, clock } = house
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [client])
  await clock.advance(20_000)
  const next = await app.ring()
  assert.deepEqual(house.ringing(), [client, '101'], 'he no longer waits for him')
  await next.hangsUp()
  await clock.advance(5_000)
  assert.deepEqual(house.ringing(), [])
  await clock.advance(2 * minute)
  assert.deepEqual(house.ringing(), [client])
  await clock.advance(25_000)
  await clock.advance(10 * minute)
  assert.deepEqual(house.ringing(), [client])
  assert.deepEqual(house.closed(), [])
  await clock.advance(25_000)
  assert.deepEqual(house.closed(), ['failed'])
  assert.deepEqual(
    (await house.tries()).map(({ attempt, outcome }) => [attempt, outcome]),
    [1, 2, 3].map((attempt) => [attempt, 'no-answer']),
  )
  const period = `from=0&until=${clock.now() + 1}`
  const figures = (await app.http.inject(`/api/plugins/queue/figures/call-backs?${period}`)).json()
  assert.deepEqual(figures, { requested: 1, results: { failed: 1 }, kept: 0, reached: 0, attempts: 3 })
})

test('who rings by himself meanwhile has his earlier place, and is not rung', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await house.clock.advance(minute)
  const behind = await house.app.ring()
  await house.clock.advance(minute)
  const again = await house.app.ring({ from: client })
  assert.deepEqual(house.closed(), ['called_in'])
  await talking.hangsUp()
  await house.pickUp('101')
  assert.ok(again.leg.talk)
  assert.equal(behind.leg.talk, undefined)
  assert.deepEqual(house.placed(), [])
})

const sms = {
  capabilities: new Set(['sendSms'] as const),
}

async function isNotReached(house: House, tries: number) {
  await house.clock.advance(25_000)
  for (const pause of [2, 10].slice(0, tries - 1)) {
    await house.clock.advance(pause * minute)
    await house.clock.advance(25_000)
  }
}

test('not reached at the last try he gets one text message, also when the dispatch program was away', async (t) => {
  const texts: string[] = []
  let isAway = true
  const house = await open(t, {
    app: {
      language: 'pl',
      dispatch: {
        ...sms,
        capabilities: new Set(['sendSms', 'identify']),
        async identify() {
          if (isAway) throw new CallbusError('DISPATCH_UNREACHABLE', { reason: 'away' })
          return { kind: 'client' as const, category: 'normal' as const, orders: 0 }
        },
        sendSms: async (phone, text) => void texts.push(`${phone} ${text}`),
      },
    },
  })
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  await isNotReached(house, 2)
  assert.deepEqual([house.closed(), (await house.rows())[0]?.text], [[], null])
  await isNotReached(house, 3)
  assert.deepEqual([house.closed(), (await house.rows())[0]?.text, texts], [['failed'], 'owed', []])
  isAway = false
  await house.clock.advance(minute)
  assert.equal((await house.rows())[0]?.text, 'sent')
  await house.clock.advance(minute)
  assert.deepEqual(texts, [`${client} Oddzwanialiśmy na prośbę, ale bez skutku. Prosimy o ponowny telefon.`])
})

test('killed while the text message is on its way: it is not sent again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-text-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  let sent = 0
  const dispatch = {
    ...sms,
    async sendSms(_phone: string, _text: string, signal: AbortSignal) {
      sent += 1
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  }
  const settings = { callBack: { pauses: [] } }
  const house = await open(t, { settings, app: { folder, dispatch } })
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  await isNotReached(house, 1)
  assert.equal(sent, 1)
  await house.app.die()
  const { exchange, clock } = house
  const next = await open(t, { settings, app: { folder, dispatch, exchange, clock } })
  await clock.advance(2 * minute)
  assert.deepEqual([sent, (await next.rows())[0]?.text], [1, 'unsure'])
})

test('no text message when it is switched off, or when he was reached and hung up', async (t) => {
  let sent = 0
  const dispatch = {
    ...sms,
    async sendSms() {
      sent += 1
    },
  }
  for (const text of [false, true]) {
    const house = await open(t, { settings: { callBack: { text, pauses: [] } }, app: { dispatch } })
    const talking = await house.everybodyTalks()
    await house.hangsUpKeepingHisPlace()
    await talking.hangsUp()
    if (text) house.exchange.hangUp(await house.pickUp(client))
    await isNotReached(house, 1)
    assert.deepEqual([house.closed(), sent], [['failed'], 0])
  }
})

test('who rings by himself while he is rung gets the operator who waits for him', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [client])
  const again = await house.app.ring({ from: client })
  assert.deepEqual(house.ringing(), ['101'])
  await house.pickUp('101')
  assert.ok(again.leg.talk)
  assert.deepEqual(house.closed(), ['called_in'])
})

test('nobody is called in closed hours, nor after it was given up', async (t) => {
  const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '14:30' }]
  const house = await open(t, { queue: { calendar: { hours } } })
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await house.clock.advance(31 * minute)
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [])
  await house.clock.advance(120 * minute)
  assert.deepEqual(house.closed(), ['expired'])
  assert.deepEqual(house.placed(), [])
})

test('a person stops it: the phone stops ringing, the operator is free again', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [client])
  const [row] = (await house.app.http.inject('/api/plugins/queue/call-backs')).json()
  assert.deepEqual([row.state, row.tries.length], ['dialling', 1])
  const stopped = await house.app.http.inject({
    method: 'DELETE',
    url: `/api/plugins/queue/call-backs/${row.id}`,
  })
  assert.equal(stopped.statusCode, 204)
  await settled()
  assert.deepEqual(house.ringing(), [])
  assert.deepEqual(house.closed(), ['cancelled'])
  await house.app.ring()
  assert.deepEqual(house.ringing(), ['101'])
})

test('a place is given to a client by API, once', async (t) => {
  const house = await open(t)
  await house.everybodyTalks()
  const ask = () =>
    house.app.http.inject({
      method: 'POST',
      url: '/api/plugins/queue/call-backs',
      payload: { phone: client },
    })
  const first = await ask()
  assert.equal(first.statusCode, 202, first.body)
  assert.equal((await ask()).json().id, first.json().id)
  assert.equal((await house.position()).length, 1)
})

test('he who shows no number keys one in, and keeps his place in the line when he does not', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  const shy = await house.app.ring({})
  await shy.presses('5')
  assert.deepEqual(shy.hearing(), ['queue.typePhone'])
  for (const key of '0501112233#') await shy.presses(key)
  assert.deepEqual(shy.hearing(), ['queue.willCall', 'queue.otherPhone'])
  await shy.hangsUp()
  const silent = await house.app.ring({})
  await silent.presses('5')
  await silent.hears()
  await house.clock.advance(5_000)
  await silent.hears()
  await house.clock.advance(5_000)
  assert.deepEqual(await silent.hears(), ['queue.typePhone', 'queue.typePhoneAgain', 'queue.noPhone'])
  assert.equal((await house.position()).length, 2)
  await talking.hangsUp()
  await talkToHisOperator(house, other)
})

test('he may be called on another phone, and is known by the old one as well', async (t) => {
  const house = await open(t)
  await house.everybodyTalks()
  const caller = await house.app.ring({ from: client })
  await caller.presses('5')
  await caller.presses('1')
  assert.deepEqual(caller.hearing(), ['queue.typePhone'])
  for (const key of '0501112233#') await caller.presses(key)
  await caller.hears()
  const [row] = await house.rows()
  assert.equal(row?.phone, other)
  await house.app.ring({ from: client })
  assert.deepEqual(house.closed(), ['called_in'])
})

test('he who hangs up when he was reached and before an operator answered is not rung again', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  const leg = await house.pickUp(client)
  house.exchange.hangUp(leg)
  await settled()
  assert.deepEqual([house.closed(), house.ringing()], [['failed'], []])
  await house.app.ring()
  assert.deepEqual(house.ringing(), ['101'])
})

const deaths: Record<string, (house: House, talking: { hangsUp(): Promise<void> }) => Promise<void>> = {
  'before his turn': async () => undefined,
  'while his phone rings': async (house, talking) => {
    await talking.hangsUp()
    assert.deepEqual(house.ringing(), [client])
  },
  'while he waits on the line': async (house, talking) => {
    await talking.hangsUp()
    await house.pickUp(client)
    assert.deepEqual(house.ringing(), ['101'])
  },
}
for (const [when, happens] of Object.entries(deaths))
  test(`killed ${when}: he is rung once, and talks to an operator`, async (t) => {
    const before = await open(t)
    const talking = await before.everybodyTalks()
    await before.hangsUpKeepingHisPlace()
    await happens(before, talking)
    const { folder, exchange, clock } = before.app
    await clock.advance(1_000)
    await before.app.die()
    const after = await open(t, { app: { folder, exchange, clock } })
    exchange.connect()
    await settled()
    await talking.hangsUp()
    if (when !== 'while he waits on the line') await talkToHisOperator(after)
    else {
      assert.deepEqual(after.ringing(), ['101'])
      await after.pickUp('101')
    }
    const rung = [...exchange.legs.values()].filter(({ to }) => to === client)
    // A house that is closed in order stops what rings; a kill does not.
    assert.equal(rung.length, when === 'while his phone rings' ? 2 : 1)
    assert.deepEqual(after.closed(), ['joined'])
    assert.equal((await after.tries()).length, rung.length)
  })
