import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { words } from '../../plugins/order-status/words.ts'
import { musicTone } from '../asterisk/instance.ts'
import { needs } from '../support/needs.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import type { Phone } from '../support/sip/sip-phone.ts'
import { type Company, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'
import { openLeftovers } from './leftovers.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)

interface Scene {
  company: Company
  caller: PhoneCall
  operator: Phone
  driver: Phone
}
type Step = [name: string, from: string, reach: (scene: Scene) => Promise<unknown>]

const stranger = '+380991112233'
const client = '+380670000001'
const black = '+380670000035'

/** The same client calls again and again, and nothing waits for an order to come. */
const oneAfterAnother = { 'order-status': { voiceCalls: 100 }, 'call-record-links': { orderWithin: 0 } }

/** How far the call goes before the caller hangs up. */
const steps: Step[] = [
  ['while Taxi-Master is asked who he is', client, withSilentTaxiMaster],
  ['while he is told that he is turned away', black, ({ caller }) => caller.hearsSomething()],
  ['while operators ring and he hears music', stranger, hearsMusic],
  ['at the moment an operator answers', stranger, async ({ operator }) => (await operator.rung()).answer()],
  ['while he talks to an operator', stranger, talksToOperator],
  ['as soon as he is answered and told how his order stands', client, ({ caller }) => caller.answered()],
  ['during the sentence about his car', client, ({ caller }) => caller.hearsSomething()],
  ['while he may press a key', client, ({ company }) => heard(company, words.keys.name)],
  ['while he is asked to confirm the cancellation', client, pressesFor('0')],
  [
    'while he may confirm the cancellation',
    client,
    async (scene) => {
      await pressesFor('0')(scene)
      await heard(scene.company, words.confirmCancel.name)
    },
  ],
  ['while he is told that an operator comes', client, pressesFor('2')],
  ['while he is told that the driver is called', client, pressesFor('1')],
  [
    'while the driver’s phone rings',
    client,
    async (scene) => {
      await pressesFor('1')(scene)
      await scene.driver.rung()
    },
  ],
  [
    'while he talks to the driver',
    client,
    async (scene) => {
      await pressesFor('1')(scene)
      await (await scene.driver.rung()).answer()
      await scene.company.fact('call.talking')
    },
  ],
]

test('a hang-up at any step leaves nothing behind', { skip }, async (t) => {
  await using company = await openCompany(await exchange(), { sections: oneAfterAnother })
  const operator = await company.phone('101')
  const driver = company.exchange.outside
  const order = company.taxiMaster.placeOrder({ phone: client, stateId: 7 })
  using leftovers = await openLeftovers(company)

  for (const [name, from, reach] of steps) {
    await t.test(name, async () => {
      company.facts.length = 0
      await using caller = await company.ring({ from })
      await leftovers.watch()
      await reach({ company, caller, operator, driver })
      await caller.hangUp()
      await leftovers.none()
      assert.ok([...operator.calls, ...driver.calls].every(({ state }) => state === 'ended'))
      assert.equal(company.factsNamed('call.ended').length, 1)
    })
  }
  assert.equal(company.taxiMaster.orders.get(order.id)?.stateId, 7)
})

test('whoever else leaves first, nothing is left behind', { skip }, async (t) => {
  await using company = await openCompany(await exchange(), { sections: oneAfterAnother })
  const operator = await company.phone('101')
  const driver = company.exchange.outside
  company.taxiMaster.placeOrder({ phone: client, stateId: 7 })
  using leftovers = await openLeftovers(company)

  await t.test('an operator who has talked', async () => {
    company.facts.length = 0
    await using caller = await company.ring({ from: stranger })
    await leftovers.watch()
    const incoming = await operator.rung()
    await incoming.answer()
    await company.fact('call.talking')
    await incoming.hangUp()
    assert.equal((await caller.ended()).by, 'them')
    await leftovers.none()
  })

  await t.test('a driver who has talked', async () => {
    company.facts.length = 0
    await using caller = await company.ring({ from: client })
    await leftovers.watch()
    await pressesFor('1')({ company, caller, operator, driver })
    const incoming = await driver.rung()
    await incoming.answer()
    await company.fact('call.talking')
    await incoming.hangUp()
    assert.equal((await caller.ended()).by, 'them')
    await leftovers.none()
  })

  await t.test('a driver who refuses, and the client who then waits for an operator', async () => {
    company.facts.length = 0
    await using caller = await company.ring({ from: client })
    await leftovers.watch()
    await pressesFor('1')({ company, caller, operator, driver })
    await (await driver.rung()).refuse(486)
    await operator.rung()
    await caller.hangUp()
    await leftovers.none()
  })

  await t.test('Callbus itself, which hangs up by command', async () => {
    company.facts.length = 0
    await using caller = await company.ring({ from: stranger })
    await leftovers.watch()
    await operator.rung()
    assert.equal(await company.calls.hangUp(await company.callOf(stranger)), true)
    assert.equal((await caller.ended()).by, 'them')
    await leftovers.none()
  })
})

async function withSilentTaxiMaster({ company, caller }: Scene) {
  const heal = company.taxiMaster.misbehave({ delay: Number.POSITIVE_INFINITY })
  await company.fact('call.offered')
  assert.equal(caller.state, 'ringing')
  heal()
}

async function hearsMusic({ caller, operator }: Scene) {
  await operator.rung()
  await caller.hears(musicTone)
}

async function talksToOperator({ company, caller, operator }: Scene) {
  const incoming = await operator.rung()
  incoming.say(500)
  await incoming.answer()
  await caller.hears(500)
  await company.fact('call.recording-started')
}

/** Cuts the first sentence with a key and goes on until what it leads to is being said. */
function pressesFor(key: string) {
  return async ({ company, caller }: Scene) => {
    await caller.hearsSomething()
    await caller.press(key)
    await company.fact('call.told', ({ saying }) => saying === words.keys.name)
    await caller.hearsSomething()
  }
}

async function heard(company: Company, name: string) {
  await company.fact('call.told', ({ saying, heard }) => saying === name && heard)
}
