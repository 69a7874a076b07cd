/** Orders without a dispatcher, on a real Asterisk beside a Taxi-Master. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { plugin as autoOrder } from '../../plugins/auto-order/plugin.ts'
import { words } from '../../plugins/auto-order/words.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const client = '+380670000001'
const states = { accepted: 1, done: 4, driverAgreed: 7 }

test('a regular orders by one key and talks to the first free driver who answers; the order is his', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange(), {
    plugins: [autoOrder],
    sections: { 'auto-order': { smallTown: { isOn: true, ringFor: 20 }, patience: 10 } },
  })
  const { taxiMaster } = company
  const before = taxiMaster.placeOrder({ phone: client, stateId: states.accepted, pickup: 'Садова 5' })
  taxiMaster.moveOrder(before.id, states.driverAgreed)
  taxiMaster.moveOrder(before.id, states.done)

  const caller = await company.ring({ from: client, says: 500 })
  await caller.hearsSound(await company.soundOf(words.carTo({ address: 'Садова 5' })), { within: 30_000 })
  await caller.press('1')
  const first = await company.exchange.outside.rung()
  first.refuse(486)
  const second = await company.exchange.outside.rung()
  assert.notEqual(second.to, first.to)
  second.say(900)
  await second.answer()
  await caller.hears(900, { since: caller.mark() })
  await second.hears(500, { since: second.mark() })

  const order = await until(() => taxiMaster.currentOfPhone(client.slice(3))[0], { what: 'the order' })
  assert.equal(order.pickup, 'Садова 5')
  await until(() => order.driver && `+38${order.driver.phone}` === second.to, { what: 'his driver' })
  await caller.hangUp()
  await second.ended()
  await company.fact('call.ended', ({ result }) => result === 'served' || result === 'answered')
  assert.equal(taxiMaster.requests.filter(({ method }) => method === 'create_order2').length, 1)
})
