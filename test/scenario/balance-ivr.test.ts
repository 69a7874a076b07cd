import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { plugin as balanceIvr } from '../../plugins/balance-ivr/plugin.ts'
import { words } from '../../plugins/balance-ivr/words.ts'
import { needs } from '../support/needs.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const line = '+380443334457'
const onlyMoney = { lastOperation: false, shift: false, priority: false, bonus: false }

async function open(settings: object = {}) {
  return await openCompany(await exchange(), {
    plugins: [balanceIvr],
    sections: { 'balance-ivr': { lines: [line], tell: onlyMoney, patience: 2, ...settings } },
  })
}

test('a driver in debt hears so at once, and key 0 brings an operator', { skip }, async () => {
  await using company = await open()
  const operator = await company.phone('101')
  const driver = await company.ring({ from: '+380500000019', to: line })
  const debt = words.debt({ sum: -450, currency: 'UAH' })
  await driver.hearsSound(await company.soundOf(debt), { within: 30_000 })
  await driver.press('0')
  await operator.rung(30_000)
  assert.equal((await company.fact('call.told', ({ saying }) => saying === debt.name)).text, '•••')
})

test('a radio driver without a phone of his own is served by call sign and PIN', { skip }, async () => {
  await using company = await open({ withCode: ['driver'] })
  const driver = await company.ring({ from: '+380991112233', to: line })
  await driver.hearsSomething()
  await driver.press('2#')
  await company.fact('call.told', ({ saying }) => saying === words.callSign.name)
  await driver.press('73102#')
  const balance = words.balance({ sum: 400, currency: 'UAH' })
  await driver.hearsSound(await company.soundOf(balance), { within: 30_000 })
  assert.doesNotMatch(JSON.stringify(company.facts), /73102/)
})
