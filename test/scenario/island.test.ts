import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { musicTone } from '../asterisk/instance.ts'
import { needs } from '../support/needs.ts'
import { freePort } from '../support/ports.ts'
import { ring } from '../support/sip/sip-phone.ts'
import { companyNumber, openCompany } from './company.ts'
import { type Exchange, openExchange, sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380991112233'

test('without Callbus the exchange is an island: music, every phone rings, and people talk', {
  skip,
}, async () => {
  await servesAlone(await exchange())
})

test('a waiting caller goes on to the island when Callbus stops, and so does the next', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101', { says: 500 })
  const caller = await company.ring({ from, says: 900 })
  const before = await operator.rung()
  await company.stop()
  assert.equal((await before.ended()).by, 'them')

  const again = await operator.rung()
  assert.equal(caller.state, 'up')
  await again.answer()
  await Promise.all([caller.hears(500), again.hears(900)])
  await caller.hangUp()
  await servesAlone(company.exchange)
})

test('a caller in a conversation goes on to the island when Callbus stops', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101')
  company.taxiMaster.placeOrder({ phone: '+380670000001', stateId: 7 })
  const client = await company.ring({ from: '+380670000001' })
  await client.hearsSomething()
  await company.stop()
  await operator.rung()
  await client.hears(musicTone, { since: client.mark() })
})

test('a talk goes on when Callbus stops', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101', { answers: 'at once', says: 500 })
  const caller = await company.ring({ from, says: 900 })
  const incoming = await operator.rung()
  await company.fact('call.talking')
  await company.stop()
  await Promise.all([
    caller.hears(500, { since: caller.mark() }),
    incoming.hears(900, { since: incoming.mark() }),
  ])
})

test('a caller for whom Callbus does not come in time is led to the island by the guard', {
  skip,
}, async () => {
  const listen = { host: '127.0.0.1', port: await freePort() }
  await using alone = await openExchange({ listen, guardSeconds: 2 })
  await servesAlone(alone)
})

test('an exchange that dials Callbus keeps a caller for it while it is away', { skip }, async () => {
  const listen = { host: '127.0.0.1', port: await freePort() }
  await using dialling = await openExchange({ listen })
  await using caller = await ring({ asterisk: dialling.asterisk, from, to: companyNumber, says: 900 })
  await using company = await openCompany(dialling)
  const operator = await company.phone('101', { answers: 'at once', says: 500 })
  const incoming = await operator.rung()
  await Promise.all([caller.hears(500), incoming.hears(900)])
  assert.equal((await company.fact('call.talking')).with, '101')
})

/** Serves a caller from the first ring to the talk with nobody's help. */
async function servesAlone(alone: Exchange) {
  await using operator = await alone.phone('101', { says: 500 })
  await using caller = await ring({ asterisk: alone.asterisk, from, to: companyNumber, says: 900 })
  await caller.hears(musicTone)
  const incoming = await operator.rung()
  assert.equal(incoming.from, from)
  await incoming.answer()
  await Promise.all([caller.hears(500), incoming.hears(900)])
  await incoming.hangUp()
}
