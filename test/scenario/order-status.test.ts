import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { words } from '../../plugins/order-status/words.ts'
import { containsSound } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { type Company, companyNumber, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380670000001'
const driverAgreed = 7
const cancelled = 5

test('a client hears which car comes in how many minutes, and cancels with 0 and 0 exactly once', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const { order, sentence } = placeOrder(company)
  const client = await company.ring({ from })
  await client.hearsSound(await company.soundOf(sentence), { within: 30_000 })

  await client.press('0')
  await client.hearsSound(await company.soundOf(words.confirmCancel), { within: 30_000 })
  assert.equal(changesOf(company), 0)
  await client.press('0')
  await client.hearsSound(await company.soundOf(words.cancelled), { within: 30_000 })
  assert.equal((await client.ended()).by, 'them')

  assert.equal(changesOf(company), 1)
  assert.equal(company.taxiMaster.orders.get(order.id)?.stateId, cancelled)
  assert.equal(company.factsNamed('order.cancelled').length, 1)
  assert.equal((await company.fact('call.ended')).result, 'self_served')
  assert.equal(company.factsNamed('call.operator-rung').length, 0)
})

test('a client whose car is not found yet hears that it is looked for', { skip }, async () => {
  await using company = await openCompany(await exchange())
  company.taxiMaster.placeOrder({ phone: from, stateId: 3 })
  const client = await company.ring({ from })
  await client.hearsSound(await company.soundOf(words.noCarYet))
})

test('a key cuts the sentence short, and 9 says it again', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const { sentence } = placeOrder(company)
  const client = await company.ring({ from })
  await client.hearsSomething()
  const pressed = client.mark()
  await client.press('9', 'rfc4733')
  const first = await company.fact('call.told', ({ saying }) => saying === sentence.name)
  assert.equal(first.heard, false)
  assert.ok(!containsSound(client.heard(), await company.soundOf(sentence)))

  await client.hearsSound(await company.soundOf(sentence), { since: pressed, within: 30_000 })
})

test('a client who presses nothing is brought to an operator', { skip }, async () => {
  await using company = await openCompany(await exchange(), { sections: { 'order-status': { patience: 1 } } })
  const operator = await company.phone('101')
  placeOrder(company)
  await company.ring({ from })
  const incoming = await operator.rung(40_000)
  assert.equal(incoming.from, from)
  assert.equal((await company.fact('call.waiting')).because, 'said nothing')
})

test('key 1 joins the client with the driver, who sees the number of the company', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const { order } = placeOrder(company)
  const client = await company.ring({ from, says: 900 })
  await client.hearsSomething()
  await client.press('1')

  const driver = await company.exchange.outside.rung(30_000)
  assert.equal(driver.to, `+38${order.driver?.phone}`)
  assert.equal(driver.from, companyNumber)
  driver.say(500)
  await driver.answer()
  await Promise.all([client.hears(500), driver.hears(900)])
  await driver.hangUp()
  assert.equal((await client.ended()).by, 'them')
})

function placeOrder(company: Company) {
  const order = company.taxiMaster.placeOrder({ phone: from, stateId: driverAgreed, minutes: 7 })
  const { colour, make, plate } = order.driver?.car ?? {}
  return { order, sentence: words.carComing({ car: { colour, make, plate } as never, minutes: 7 }) }
}

function changesOf({ taxiMaster }: Company): number {
  return taxiMaster.requests.filter(({ method }) => method === 'change_order_state').length
}
