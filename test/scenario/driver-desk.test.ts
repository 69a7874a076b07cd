import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { plugin as driverBridge } from '../../plugins/driver-bridge/plugin.ts'
import { plugin as driverDesk } from '../../plugins/driver-desk/plugin.ts'
import { words } from '../../plugins/driver-desk/words.ts'
import { needs } from '../support/needs.ts'
import { companyNumber, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const client = '+380670000001'
const states = { agreed: 7, atPlace: 10 }

async function open() {
  const company = await openCompany(await exchange(), {
    plugins: [driverDesk],
    sections: { [driverDesk.name]: { patience: 2, atPlace: 'everybody' }, [driverBridge.name]: {} },
  })
  const order = company.taxiMaster.placeOrder({ phone: client, stateId: states.agreed, minutes: 7 })
  const asked = (method: string) =>
    company.taxiMaster.requests.filter((each) => each.method === method).length
  return { company, order, asked, driver: `+38${order.driver?.phone}` }
}

test('a driver says that he is at the place, and leaves the line, each once', { skip }, async () => {
  const world = await open()
  await using company = world.company
  const caller = await company.ring({ from: world.driver })
  await caller.hearsSomething()
  await caller.press('4')
  await caller.hearsSound(await company.soundOf(words.atPlace), { within: 30_000 })
  assert.equal(company.taxiMaster.orders.get(world.order.id)?.stateId, states.atPlace)
  assert.equal(world.asked('change_order_state'), 1)

  await caller.press('5')
  await company.fact('call.told', ({ saying }) => saying === words.sureOffLine.name)
  await caller.press('5')
  await company.fact('call.told', ({ saying, heard }) => saying === words.offLine.name && heard)
  assert.equal((await caller.ended()).by, 'them')
  assert.equal(world.asked('run_system_event'), 1)
  assert.ok(company.taxiMaster.offLine.has(world.order.driver?.id ?? 0))
})

test('a driver is joined with his client, who sees the number of the company', { skip }, async () => {
  const world = await open()
  await using company = world.company
  const caller = await company.ring({ from: world.driver, says: 900 })
  await caller.hearsSomething()
  await caller.press('3')
  const passenger = await company.exchange.outside.rung(30_000)
  assert.deepEqual([passenger.to, passenger.from], [client, companyNumber])
  passenger.say(500)
  await passenger.answer()
  await Promise.all([caller.hears(500), passenger.hears(900)])
  await passenger.hangUp()
  await caller.ended()
})
