import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { words } from '../../plugins/talk-control/words.ts'
import { musicTone } from '../asterisk/instance.ts'
import { containsSound, hasTone, readChannels, type Samples, samplesPerSecond } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { until } from '../support/until.ts'
import { type Company, openCompany } from './company.ts'
import { type Exchange, sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380991112233'
/** The share of a voice that others speak beside. */
const oneOfSome = 0.15
const voices = { client: 900, operator: 500, third: 1300 }

async function talking(on: Exchange, supervised = false) {
  const company = await openCompany(on, { sections: { operators: { phones: ['101'] } } })
  const first = await company.phone('101', { answers: 'at once', says: voices.operator })
  const client = await company.ring({ from, says: voices.client })
  const operator = await first.rung()
  const other = await company.phone('102', { answers: 'at once', says: voices.third })
  await Promise.all([client.hears(voices.operator), operator.hears(voices.client)])
  if (supervised) await company.fact('call.recording-started')
  const call = await company.callOf(from)
  const post = async (verb: string, body = {}) =>
    (await company.api('POST', `/api/plugins/talk-control/talks/${call}/${verb}`, body)).json()
  return { company, call, client, first, operator, other, post }
}

const hears = (who: PhoneCall, hertz: number, since = who.mark()) =>
  until(() => hasTone(who.heardSince(since), hertz, oneOfSome), { what: `${hertz} Hz`, within: 20_000 })

async function hearsNot(who: PhoneCall, hertz: number) {
  const since = who.mark()
  await until(() => who.heardSince(since).length > samplesPerSecond / 2, { what: 'half a second of sound' })
  assert.ok(!hasTone(who.heardSince(since), hertz, oneOfSome), `${hertz} Hz was heard`)
}

test('a client on hold hears music and comes back; given on blindly he talks with the next, the first is free', {
  skip,
}, async () => {
  const { company, client, operator, other, post } = await talking(await exchange())
  await using _ = company
  await post('hold')
  await hears(client, musicTone)
  await post('unhold')
  await hears(client, voices.operator)
  await post('transfer', { to: '102' })
  await operator.ended()
  const third = await other.rung()
  await Promise.all([hears(client, voices.third), hears(third, voices.client)])
  await client.hangUp()
  await third.ended()
})

test('a warm transfer: cancelled the client is back, completed he talks with the other', {
  skip,
}, async () => {
  const { company, client, operator, other, post } = await talking(await exchange())
  await using _ = company
  await post('consult', { to: '102' })
  const refused = await other.rung()
  await Promise.all([hears(client, musicTone), hears(operator, voices.third)])
  await post('cancel')
  await refused.ended()
  await Promise.all([hears(client, voices.operator), hears(operator, voices.client)])

  await post('consult', { to: '102' })
  const third = await other.rung()
  await hears(third, voices.operator)
  await post('swap')
  await Promise.all([hears(client, voices.operator), hears(third, musicTone)])
  await post('complete')
  await operator.ended()
  await Promise.all([hears(client, voices.third), hears(third, voices.client)])
})

test('three talk, and the two who stay go on when the operator leaves', { skip }, async () => {
  const { company, client, operator, other, post } = await talking(await exchange())
  await using _ = company
  await post('consult', { to: '102' })
  const third = await other.rung()
  await hears(operator, voices.third)
  await post('conference')
  await Promise.all([hears(client, voices.third), hears(client, voices.operator)])
  await Promise.all([hears(operator, voices.third), hears(operator, voices.client)])
  await Promise.all([hears(third, voices.operator), hears(third, voices.client)])
  await operator.hangUp()
  await Promise.all([client.hears(voices.third), third.hears(voices.client, { since: third.mark() })])
})

test('a parked client is picked up at another phone, which dials the code for it', { skip }, async () => {
  const { company, client, operator, other, post } = await talking(await exchange())
  await using _ = company
  const { slot } = (await post('park')) as { slot: number }
  await operator.ended()
  await hears(client, musicTone)
  const { asterisk } = await exchange()
  const code = await other.dial({ asterisk, from: '102', to: `*8${slot}` })
  await code.answered()
  await code.ended()
  const third = await other.rung()
  await Promise.all([hears(client, voices.third), hears(third, voices.client)])
})

test('a client is given to the driver of his order, and to another phone by the operator’s own phone', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange(), {
    sections: { operators: { phones: ['101'] } },
  })
  const first = await company.phone('101', { answers: 'at once', says: voices.operator })
  const other = await company.phone('102', { answers: 'at once', says: voices.third })
  const order = company.taxiMaster.placeOrder({ phone: from, stateId: 7 })
  const client = await company.ring({ from, says: voices.client })
  await client.hearsSomething()
  await client.press('2')
  const operator = await first.rung()
  await hears(client, voices.operator)
  await operator.refer('102')
  const third = await other.rung()
  await Promise.all([hears(client, voices.third), hears(third, voices.client)])
  // Asterisk leaves that to the phone for a minute.
  await operator.hangUp()

  const call = await company.callOf(from)
  await company.api('POST', `/api/plugins/talk-control/talks/${call}/transfer`, { driver: true })
  const driver = await company.exchange.outside.rung()
  assert.equal(driver.to, `+38${order.driver?.phone}`)
  await driver.answer()
  await Promise.all([third.ended(), driver.hears(voices.client)])
  await client.hangUp()
  await driver.ended()
  const told = company.factsNamed('call.transferred').map(({ data }) => [data.from, data.how])
  assert.deepEqual(told, [
    ['101', 'blind'],
    ['102', 'blind'],
  ])
  assert.equal(company.factsNamed('call.offered').length, 1)
})

test('a client is given on by keys, and back by the transfer key of a phone with two calls', {
  skip,
}, async () => {
  const { company, client, first, operator, other } = await talking(await exchange())
  await using _ = company
  const { asterisk } = company.exchange
  const noCode = await company.soundOf(words.unknownCode)
  await operator.press('*9')
  await operator.hearsSound(noCode)
  assert.ok(!containsSound(client.heard(), noCode))
  await operator.press('*2102#')
  const third = await other.rung()
  await Promise.all([hears(client, musicTone), hears(operator, voices.third)])
  await operator.press('*2')
  await operator.ended()
  await Promise.all([hears(client, voices.third), hears(third, voices.client)])

  const asked = await other.dial({ asterisk, from: '102', to: '101' })
  await asked.answered()
  await asked.hears(voices.operator)
  await third.refer(asked)
  await Promise.all([third.ended(), asked.ended()])
  const [, again] = first.calls
  assert.ok(again)
  await Promise.all([hears(client, voices.operator), hears(again, voices.client)])
  await client.hangUp()
  await again.ended()
  const told = company
    .factsNamed('call.transferred')
    .map(({ data }) => [data.from, data.to, data.how, data.by])
  assert.deepEqual(told, [
    ['101', '102', 'warm', '101'],
    ['102', '101', 'warm', '102'],
  ])
  const channels = () => asterisk.ari('GET', 'channels') as Promise<object[]>
  await until(async () => (await channels()).length === 0, { what: 'nothing left on the exchange' })
})

test('whispering is heard by the operator and by nobody else, nor is it in the recording', {
  skip,
}, async () => {
  const { company, client, operator, other, post } = await talking(await exchange(), true)
  await using _ = company
  await post('attend', { way: 'listen', phone: '102' })
  const supervisor = await other.rung()
  await Promise.all([hears(supervisor, voices.client), hears(supervisor, voices.operator)])
  await Promise.all([hearsNot(client, voices.third), hearsNot(operator, voices.third)])

  await post('attend', { way: 'whisper', phone: '102' })
  await Promise.all([hears(operator, voices.third), hears(supervisor, voices.client)])
  await Promise.all([hearsNot(client, voices.third), hears(client, voices.operator)])
  await client.hangUp()
  await supervisor.ended()
  for (const side of await recordedSides(company))
    assert.ok(!hasTone(side, voices.third, oneOfSome), 'the whisper was recorded')
  assert.ok(!hasTone(client.heard(), voices.third, oneOfSome))
})

test('barging in is heard by both, and taking over frees the operator', { skip }, async () => {
  const { company, client, operator, other, post } = await talking(await exchange())
  await using _ = company
  await post('attend', { way: 'barge', phone: '102' })
  const supervisor = await other.rung()
  await Promise.all([hears(client, voices.third), hears(operator, voices.third)])
  await Promise.all([hears(supervisor, voices.client), hears(supervisor, voices.operator)])
  await post('attend', { way: 'take-over', phone: '102' })
  await operator.ended()
  await Promise.all([
    client.hears(voices.third, { since: client.mark() }),
    supervisor.hears(voices.client, { since: supervisor.mark() }),
  ])
})

async function recordedSides(company: Company): Promise<readonly Samples[]> {
  const { recording } = await company.fact('call.recorded')
  const sound = await company.api('GET', `/api/plugins/recording/recordings/${recording}/sound`)
  const file = join(company.folder, 'talk.wav')
  await writeFile(file, Buffer.from(await sound.arrayBuffer()))
  const sides = readChannels(file)
  assert.equal(sides.length, 2)
  return sides
}
