import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { words } from '../../plugins/blacklist/words.ts'
import { needs } from '../support/needs.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380671234567'
const entries = '/api/plugins/blacklist/entries'

test('a number put on the black list is turned away from its next call on, and no operator is bothered', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101')
  const before = await company.ring({ from })
  await operator.rung()
  await before.hangUp()

  await company.api('POST', entries, { list: 'black', phone: '067 123 45 67', reason: 'threats' })
  const turnedAway = await company.ring({ from })
  await turnedAway.answered()
  await turnedAway.hearsSound(await company.soundOf(words.turnedAway))
  assert.equal((await turnedAway.ended()).by, 'them')

  const call = await company.callOf(from)
  const ended = await company.fact('call.ended', (data) => data.call === call)
  assert.equal(ended.result, 'refused')
  assert.ok(!company.factsNamed('call.operator-rung').some(({ data }) => data.call === call))
  assert.equal(operator.calls.length, 1)
})

test('a number taken off the black list reaches an operator with its next call', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101')
  await company.api('POST', entries, { list: 'black', phone: from, reason: 'threats' })
  const turnedAway = await company.ring({ from })
  await turnedAway.ended()

  await company.api('DELETE', `${entries}/black/${encodeURIComponent(from)}`)
  await company.ring({ from })
  const incoming = await operator.rung()
  assert.equal(incoming.from, from)
})

test('who is black in Taxi-Master is turned away too', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const turnedAway = await company.ring({ from: '+380670000035' })
  await turnedAway.hearsSound(await company.soundOf(words.turnedAway))
  await turnedAway.ended()
  assert.equal(company.factsNamed('call.operator-rung').length, 0)
})

test('a caller on the VIP list is served before one who has waited longer', { skip }, async () => {
  await using company = await openCompany(await exchange(), {
    sections: { operators: { phones: ['101'] } },
  })
  const vip = '+380503334455'
  await company.api('POST', entries, { list: 'vip', phone: vip, reason: 'the mayor' })
  const operator = await company.phone('101', { answers: 'at once' })

  const first = await company.ring({ from: '+380671110000' })
  await company.fact('call.talking')
  const ordinary = '+380672220000'
  await company.ring({ from: ordinary })
  await company.fact('call.waiting', (data) => data.priority === 0 && data.call !== firstCall())
  await company.ring({ from: vip })
  await company.fact('call.waiting', (data) => data.priority > 0)
  await first.hangUp()

  const served = await company.fact('call.talking', (data) => data.call !== firstCall())
  assert.equal(served.call, await company.callOf(vip))
  assert.deepEqual(
    operator.calls.map((call) => call.from),
    ['+380671110000', vip],
  )

  function firstCall() {
    return company.factsNamed('call.talking')[0]?.data.call
  }
})
