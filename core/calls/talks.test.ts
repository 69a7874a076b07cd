import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodbye, openHouse, passenger } from '../../test/support/test-call-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import type { Reach, TalkOptions } from './caller.ts'

const driver = '+380501112233'

async function talking({ talk = {}, reach = {} }: { talk?: TalkOptions; reach?: Partial<Reach> } = {}) {
  const endings: string[] = []
  const house = openHouse({
    async operators(caller) {
      const partner = await caller.reach({ phones: [driver], ringFor: 20, show: 'company', ...reach })
      if (!partner) return
      endings.push(await caller.talkTo(partner, talk))
      await caller.say(goodbye)
    },
  })
  house.exchange.phones.set(driver, 'answers')
  const caller = house.exchange.ring({ from: passenger, to: '+380441112233' })
  await settled()
  const partner = house.exchange.alive().find((leg) => leg.to === driver)
  assert.ok(partner?.talk)
  return { ...house, caller, partner, endings }
}

test('a talk that lasts as long as it may ends for the partner, and the caller stays with the flow', async () => {
  const { caller, clock, endings, exchange, facts, partner } = await talking({ talk: { atMost: 60 } })
  await clock.advance(59_000)
  assert.deepEqual(endings, [])
  await clock.advance(1_000)
  assert.deepEqual(endings, ['too-long'])
  assert.equal(partner.ended, 'normal')
  assert.equal(exchange.talks.size, 0)
  assert.deepEqual(caller.playing?.media, ['test.goodbye'])
  const end = facts.find((fact) => fact.name === 'call.talk-ended')
  assert.equal(end?.data.because, 'it has lasted as long as it may')
})

for (const leaver of ['caller', 'partner'] as const) {
  test(`a talk the ${leaver} leaves sets no alarm any more`, async () => {
    const house = await talking({ talk: { atMost: 60 } })
    house.exchange.hangUp(house[leaver])
    await settled()
    if (leaver === 'partner') {
      assert.deepEqual(house.endings, ['left'])
      house.caller.playing?.finish()
      await settled()
    }
    assert.deepEqual(house.exchange.alive(), [])
    assert.equal(house.clock.pending, 0)
  })
}

test('a Callbus that leaves sets no alarm for the talk that goes on without it', async () => {
  const house = await talking({ talk: { atMost: 60 } })
  await house.calls.leave()
  assert.equal(house.exchange.talks.size, 1)
  assert.equal(house.clock.pending, 0)
})

test('who is rung sees the number of the line, or of another line of the company', async () => {
  assert.equal((await talking()).partner.callerId, '+380441112233')
  const masked = await talking({ reach: { line: '+380449998877' } })
  assert.equal(masked.partner.callerId, '+380449998877')
})
