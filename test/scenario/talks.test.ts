import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { words } from '../../plugins/order-status/words.ts'
import { musicTone } from '../asterisk/instance.ts'
import { hasTone, readChannels } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { type Company, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)

test('key 2 brings an operator, both hear each other, and the talk is recorded from the answer on', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101', { says: 500 })
  const from = '+380670000001'
  company.taxiMaster.placeOrder({ phone: from, stateId: 7 })
  const client = await company.ring({ from, says: 900 })
  await client.hearsSomething()
  await client.press('2')
  await client.hearsSound(await company.soundOf(words.connectingToOperator), { within: 30_000 })

  const incoming = await operator.rung()
  await client.hears(musicTone)
  await incoming.answer()
  await Promise.all([client.hears(500), incoming.hears(900)])
  await company.fact('call.recording-started')
  await client.hears(500, { since: client.mark() })
  await client.hangUp()
  await incoming.ended()

  const [operatorSide, clientSide] = await channelsOf(company, await company.callOf(from))
  assert.ok(hasTone(operatorSide, 500) && !hasTone(operatorSide, 900))
  assert.ok(hasTone(clientSide, 900) && !hasTone(clientSide, 500))
  assert.ok(!hasTone(operatorSide, musicTone))
})

test('an unknown caller reaches the operators, who see his number', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101', { answers: 'at once', says: 500 })
  const caller = await company.ring({ from: '+380991112233', says: 900 })
  const incoming = await operator.rung()
  assert.equal(incoming.from, '+380991112233')
  await Promise.all([caller.hears(500), incoming.hears(900)])
  const { lookedUp, kind } = await company.fact('call.identified')
  assert.deepEqual({ lookedUp, kind }, { lookedUp: true, kind: 'unknown' })
})

test('a caller who withholds his number reaches the operators without a question to Taxi-Master', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101', { answers: 'at once', says: 500 })
  const caller = await company.ring({ from: 'anonymous', says: 900 })
  const incoming = await operator.rung()
  await Promise.all([caller.hears(500), incoming.hears(900)])
  assert.equal((await company.fact('call.identified')).because, 'withheld')
  const asked = company.taxiMaster.requests.filter(({ method }) => method === 'get_info_by_phone')
  assert.equal(asked.length, 0)
})

test('every operator rings, and the phone that was too late stops', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const [one, other] = [await company.phone('101', { says: 500 }), await company.phone('102')]
  const caller = await company.ring({ from: '+380991112233', says: 900 })
  const [taken, late] = [await one.rung(), await other.rung()]
  await taken.answer()
  await Promise.all([caller.hears(500), taken.hears(900)])
  const { by, code } = await late.ended()
  assert.deepEqual({ by, code }, { by: 'them', code: 487 })
  assert.equal((await company.fact('call.talking')).with, '101')
})

/** The recorded sound as the story of the call leads to it: operator left, caller right. */
async function channelsOf(company: Company, call: string) {
  const { recording } = await company.fact('call.recorded', (data) => data.call === call)
  const story = (await (await company.api('GET', `/api/v1/calls/${call}/story`)).json()) as {
    facts: { name: string; data: { recording?: string } }[]
  }
  const told = story.facts.filter(({ data }) => data.recording === recording).map(({ name }) => name)
  assert.deepEqual(told.slice(0, 2), ['call.recording-started', 'call.recorded'])
  assert.ok(story.facts.some(({ name }) => name === 'call.talking'))

  const sound = await company.api('GET', `/api/plugins/recording/recordings/${recording}/sound`)
  const file = join(company.folder, 'talk.wav')
  await writeFile(file, Buffer.from(await sound.arrayBuffer()))
  const channels = readChannels(file)
  assert.equal(channels.length, 2)
  const [left = new Int16Array(), right = new Int16Array()] = channels
  return [left, right] as const
}
