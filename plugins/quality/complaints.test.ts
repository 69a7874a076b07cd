import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import { openQuality } from '../../test/support/quality-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client, driver } from '../../test/support/town.ts'
import { until } from '../../test/support/until.ts'

const settings = { complaints: { lines: ['100'] } }

interface Complaint {
  id: string
  state: string
  phone?: string
  order?: string
  seconds?: number
  transcript?: string
  answer?: string
  answeredBy?: string
}

test('what a caller of the complaint line says goes to those responsible, with the file and the order', async (t) => {
  const house = await openQuality(t, { settings })
  await house.moves('client_in_car')
  const caller = await house.complains()
  assert.equal(house.app.exchange.recordings.size, 1)
  await caller.presses('#')
  assert.deepEqual(caller.hearing(), ['quality.complaintTaken'])
  await caller.hears()
  assert.equal(caller.leg.ended, 'normal')

  const [letter = assert.fail()] = await house.told(1)
  assert.equal(letter.about, 'complaints')
  assert.match(letter.text, new RegExp(`Order: 7[^]*Driver: \\${driver}[^]*Dispatcher: 101`))
  assert.ok(letter.attachment && existsSync(letter.attachment.file))
  const [complaint] = await house.get<Complaint[]>('/complaints?state=new')
  assert.deepEqual(
    { phone: complaint?.phone, order: complaint?.order, seconds: complaint?.seconds },
    { phone: client, order: '7', seconds: 12 },
  )
  assert.equal(
    (await house.app.http.inject(`/api/plugins/quality/complaints/${complaint?.id}/sound`)).body,
    'RIFF',
  )
  assert.deepEqual(
    house.app.factsNamed('complaint.taken').map(({ data }) => data.order),
    ['7'],
  )
  assert.deepEqual(
    house.app.factsNamed('call.ended').map(({ data }) => data.result),
    ['self_served'],
  )
})

test('who hangs up in the midst of it, or speaks too long, is heard as well', async (t) => {
  const house = await openQuality(t, { settings: { complaints: { lines: ['100'], longest: 60 } } })
  const caller = await house.complains()
  await caller.hangsUp()
  await house.told(1)
  const other = await house.complains()
  await house.app.clock.advance(60_000)
  assert.deepEqual(other.hearing(), ['quality.complaintTaken'])
  await house.told(2)
})

test('key 0 brings an operator, before and after speaking', async (t) => {
  const house = await openQuality(t, { settings })
  const caller = await house.app.ring({ to: '100' })
  await caller.presses('0')
  assert.equal(await caller.reaches(), 'operators')
  assert.equal(house.app.told.length, 0)
  const other = await house.complains()
  await other.presses('5')
  await other.presses('0')
  assert.equal(await other.reaches(), 'operators')
  await house.told(1)
})

test('the complaint line is the same however the exchange writes its number', async (t) => {
  for (const to of ['+380443334499', '380443334499', '0443334499']) {
    const house = await openQuality(t, { settings: { complaints: { lines: ['+380443334499'] } } })
    const caller = await house.app.ring({ to })
    assert.deepEqual(caller.hearing(), ['quality.complain'], to)
  }
})

test('where nothing was said nobody is told', async (t) => {
  const house = await openQuality(t, { settings })
  house.recordingsLast(2)
  const caller = await house.complains()
  await caller.hangsUp()
  const states = async () => (await house.get<Complaint[]>('/complaints')).map(({ state }) => state).join()
  await until(async () => (await states()) === 'empty', { what: 'an empty complaint' })
  assert.equal(house.app.told.length, 0)
})

test('who cannot be recorded is brought to an operator', async (t) => {
  const house = await openQuality(t, { settings })
  house.app.exchange.port.record = async () => {
    throw new CallbusError('EXCHANGE_UNREACHABLE', { reason: 'gone' })
  }
  const caller = await house.app.ring({ from: client, to: '100' })
  await caller.presses('#')
  assert.deepEqual(caller.hearing(), ['quality.cannotRecord'])
  assert.equal(await caller.reaches(), 'operators')
})

test('a complaint that ended while Callbus was dead is still told, once', async (t) => {
  const before = await openQuality(t, { settings })
  await before.complains()
  await before.app.die()
  const { exchange, clock, folder } = before.app
  for (const leg of exchange.alive()) exchange.hangUp(leg)

  const after = await openQuality(t, { settings, exchange, clock, folder, town: before.town })
  exchange.connect()
  await settled()
  exchange.connect()
  await settled()
  await after.told(1)
  assert.ok(after.app.told[0]?.attachment)
})

test('who still speaks after a restart goes on, and it is one complaint', async (t) => {
  const before = await openQuality(t, { settings })
  await before.complains()
  await before.app.die()
  const { exchange, clock, folder } = before.app
  const after = await openQuality(t, { settings, exchange, clock, folder, town: before.town })
  exchange.connect()
  await settled()
  const [leg = assert.fail()] = exchange.alive()
  assert.deepEqual(leg.playing?.media, ['quality.goOn'])
  assert.equal(exchange.recordings.size, 1)
  leg.playing?.finish()
  await settled()
  exchange.press(leg, '#')
  await settled()
  assert.equal((await after.get<Complaint[]>('/complaints')).length, 1)
  await after.told(1)
})

test('killed between the recording and the message, it is told by the next life', async (t) => {
  const before = await openQuality(t, { settings })
  const caller = await before.complains()
  await caller.hangsUp()
  const [first] = await before.told(1)
  const tables = before.app.database as never as import('kysely').Kysely<{
    quality_complaints: { told_at: null }
  }>
  await tables.updateTable('quality_complaints').set({ told_at: null }).execute()
  await before.app.die()
  const { exchange, clock, folder } = before.app
  const after = await openQuality(t, { settings, exchange, clock, folder })
  exchange.connect()
  await settled()
  const [again] = await after.told(1)
  assert.equal(again?.id, first?.id)
})

test('an exchange that is away is asked again; a recording nobody has is told of as lost', async (t) => {
  const house = await openQuality(t, { settings })
  const { exchange, clock, told } = house.app
  const caller = await house.complains()
  let failure = new CallbusError('EXCHANGE_UNREACHABLE', { reason: 'gone' })
  let asked = 0
  exchange.port.takeRecording = async () => {
    asked += 1
    throw failure
  }
  await caller.hangsUp()
  await until(() => asked === 1, { what: 'the exchange to be asked' })
  await settled()
  assert.equal(told.length, 0)
  failure = new CallbusError('EXCHANGE_REFUSED', { request: 'takeRecording', status: 404, reason: 'none' })
  await clock.advance(60_000)
  await house.told(1)
  assert.equal(told[0]?.attachment, undefined)
  assert.match(told[0]?.text ?? '', /lost/)
})

test('with speech the text is in the letter, and a broken one holds nothing up', async (t) => {
  let isIll = false
  const speech = {
    async transcribe() {
      if (isIll) throw new Error('ill')
      return 'He was rude'
    },
  }
  const house = await openQuality(t, { settings, speech })
  await (await house.complains()).hangsUp()
  await house.told(1)
  isIll = true
  await (await house.complains()).hangsUp()
  const letters = await house.told(2)
  assert.deepEqual(
    letters.map(({ text }) => text.includes('He was rude')),
    [true, false],
  )
})

test('phones are shown to who may see them, and an answer is kept', async (t) => {
  const house = await openQuality(t, { settings, rights: [] })
  await (await house.complains()).hangsUp()
  await house.told(1)
  const [complaint] = await house.get<Complaint[]>('/complaints')
  assert.match(complaint?.phone ?? '', /\*{5}/)
  const answered = await house.app.http.inject({
    method: 'PUT',
    url: `/api/plugins/quality/complaints/${complaint?.id}/answer`,
    payload: { answer: 'We have apologised' },
  })
  const { state, answeredBy } = answered.json() as Complaint
  assert.deepEqual([state, answeredBy], ['answered', 'user:ann'])
  assert.equal((await house.get<Complaint[]>('/complaints?state=new')).length, 0)
  const none = await house.app.http.inject('/api/plugins/quality/complaints/none/sound')
  assert.equal(none.statusCode, 404)
})
