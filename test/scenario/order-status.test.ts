import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { toDayTime } from '#core/voice/grammar/times.ts'
import { words } from '../../plugins/order-status/words.ts'
import { containsSound } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { type Company, companyNumber, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380670000001'
const driverAgreed = 7
const cancelled = 5
const minute = 60_000

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

test('whoever calls again about the same order reaches an operator at once, who sees why', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101')
  const { order } = placeOrder(company)
  const first = await company.ring({ from })
  await first.hearsSomething()
  await first.hangUp()
  await company.fact('call.ended')

  await company.ring({ from })
  await operator.rung()
  const { because, priority } = await company.fact('call.waiting')
  assert.deepEqual({ because, priority }, { because: `call 2 about order ${order.id}`, priority: 20 })
  const [card] = await until(
    () => (company.taxiMaster.messages[0] ? company.taxiMaster.messages : undefined),
    {
      what: 'the card to be shown',
    },
  )
  assert.equal(card?.order_id, order.id)
  assert.equal(card?.text, 'Дзвінків про це замовлення: 2.')
})

test('a client whose car did not come in time reaches an operator at once', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101')
  company.taxiMaster.placeOrder({ phone: from, at: Date.now() - 10 * minute })
  await company.ring({ from })
  await operator.rung()
  assert.match(
    (await company.fact('call.waiting')).because ?? '',
    /was promised for .* and the car is not there/,
  )
  assert.equal(company.factsNamed('call.told').length, 0)
})

test('a client with an order for later hears when it is', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const at = Date.now() + 26 * 60 * minute
  company.taxiMaster.placeOrder({ phone: from, at })
  const client = await company.ring({ from })
  const when = toDayTime(at, { now: Date.now(), timeZone: 'Europe/Kyiv' })
  await client.hearsSound(await company.soundOf(words.orderedFor({ when, car: undefined })))
})

test('of several orders a client chooses one by its key', { skip }, async () => {
  await using company = await openCompany(await exchange())
  company.taxiMaster.placeOrder({ phone: from, stateId: 3, pickup: 'Садовая, 5' })
  company.taxiMaster.placeOrder({ phone: from, stateId: 10, pickup: 'Лесная, 12' })
  const client = await company.ring({ from })
  const choice = words.orderByKey({ key: 2, pickup: 'Лесная, 12', when: undefined })
  await client.hearsSound(await company.soundOf(choice), { within: 30_000 })
  await client.press('2')
  await company.fact('call.told', ({ saying }) => saying === words.arrived({ car: undefined }).name)
})

test('a driver hears where his order is, and key 1 joins him with the client', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const { order } = placeOrder(company)
  const driver = await company.ring({ from: `+38${order.driver?.phone}`, says: 900 })
  await driver.hearsSound(await company.soundOf(words.driversOrder({ pickup: order.pickup })))
  await driver.press('1')

  const client = await company.exchange.outside.rung(30_000)
  assert.equal(client.to, from)
  assert.equal(client.from, companyNumber)
  client.say(500)
  await client.answer()
  await Promise.all([driver.hears(500), client.hears(900)])
  await client.hangUp()
  assert.equal((await driver.ended()).by, 'them')
})

function placeOrder(company: Company) {
  const order = company.taxiMaster.placeOrder({ phone: from, stateId: driverAgreed, minutes: 7 })
  const { colour, make, plate } = order.driver?.car ?? {}
  return { order, sentence: words.carComing({ car: { colour, make, plate } as never, minutes: 7 }) }
}

function changesOf({ taxiMaster }: Company): number {
  return taxiMaster.requests.filter(({ method }) => method === 'change_order_state').length
}
