import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { needs } from '../support/needs.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380670000001'
const inTheCar = 11

test('a client comes back to the operator who took his order', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const [other, his] = [await company.phone('101'), await company.phone('102', { says: 500 })]
  company.taxiMaster.placeOrder({ phone: from, stateId: inTheCar, takenBy: '102' })
  const client = await company.ring({ from, says: 900 })
  const incoming = await his.rung()
  await incoming.answer()
  await Promise.all([client.hears(500), incoming.hears(900)])
  assert.equal(other.calls.length, 0)
})

test('when that operator does not answer, all others ring', { skip }, async () => {
  await using company = await openCompany(await exchange(), { sections: { 'repeat-caller': { seconds: 3 } } })
  const [other, his] = [await company.phone('101', { says: 500 }), await company.phone('102')]
  company.taxiMaster.placeOrder({ phone: from, stateId: inTheCar, takenBy: '102' })
  const client = await company.ring({ from, says: 900 })
  await his.rung()
  const incoming = await other.rung()
  await incoming.answer()
  await Promise.all([client.hears(500), incoming.hears(900)])
})

test('key 2 brings a client who was answered by voice to the operator who took his order', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const [other, his] = [await company.phone('101'), await company.phone('102')]
  company.taxiMaster.placeOrder({ phone: from, stateId: 7, takenBy: '102' })
  const client = await company.ring({ from })
  await client.hearsSomething()
  await client.press('2')
  await his.rung(30_000)
  assert.equal(other.calls.length, 0)
})
