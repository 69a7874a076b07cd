/** A discount card on a real Asterisk beside a Taxi-Master: its tariff is in the order that an operator makes. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { plugin as discountCards } from '../../plugins/discount-cards/plugin.ts'
import { words } from '../../plugins/discount-cards/words.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const line = '+380443334458'
const client = '+380670000001'

test('a card typed by the caller presets the tariff of the order an operator makes for him', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange(), {
    plugins: [discountCards],
    dispatch: { watchSeconds: 1 },
    sections: { 'discount-cards': { lines: [line], patience: 10 } },
  })
  const { taxiMaster } = company
  const operator = await company.phone('101')
  const caller = await company.ring({ from: client, to: line })
  await caller.hearsSomething()
  await caller.press('1006#')
  await caller.hearsSound(await company.soundOf(words.accepted), { within: 30_000 })
  const { what } = await company.fact('call.chosen')
  assert.deepEqual(what, { client: '1006', tariff: '2' })
  await operator.rung(30_000)

  const order = taxiMaster.placeOrder({ phone: client, pickup: 'Садовая, 5' })
  await until(() => order.tariffId === 2, { what: 'the tariff of the card' })
  assert.doesNotMatch(JSON.stringify(company.facts), /"key":"[0-9#]"/)
})
