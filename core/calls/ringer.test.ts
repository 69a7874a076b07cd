import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHouse, passenger } from '../../test/support/test-call-house.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { openScriptedExchange, type PhoneScript } from '../ports/scripted-exchange.ts'

/** A caller for whom these phones ring for twenty seconds. */
async function ringing(phones: Record<string, PhoneScript>) {
  const clock = openTestClock()
  const exchange = openScriptedExchange({ clock })
  for (const [phone, script] of Object.entries(phones)) exchange.phones.set(phone, script)
  const house = openHouse({
    clock,
    exchange,
    async operators(caller) {
      using _music = caller.playOnHold()
      const partner = await caller.reach({ phones: Object.keys(phones), ringFor: 20, show: 'caller' })
      if (partner) await caller.talkTo(partner)
    },
  })
  const caller = exchange.ring({ from: passenger, to: '100' })
  await settled()
  const [call] = house.calls.live()
  assert.ok(call)
  const legsOf = (phone: string) => [...exchange.legs.values()].filter(({ to }) => to === phone)
  const missed = () =>
    house.facts.flatMap((fact) => (fact.name === 'call.operator-missed' ? [fact.data.outcome] : []))
  const answer = (phone = '101') => house.calls.answerAt(call.id, phone, 'user:olena')
  return { ...house, answer, call, caller, clock, legsOf, missed }
}

test('a ringing phone is rung once more, told to answer, and nobody has missed anything', async () => {
  const { answer, caller, clock, exchange, facts, legsOf, missed } = await ringing({ '101': 'rings' })
  assert.ok(answer())
  await settled()
  const [before, told, ...more] = legsOf('101')
  assert.deepEqual([before?.ended, before?.answersItself, more], ['cancelled', undefined, []])
  assert.deepEqual([told?.isUp, told?.answersItself, told?.callerId], [true, true, passenger])
  assert.ok(caller.talk)
  assert.equal(told?.talk, caller.talk)
  assert.deepEqual(missed(), [])
  assert.deepEqual(
    facts.flatMap(({ name, data }) =>
      name === 'call.operator-rung' ? [[data.leg, data.insteadOf, data.by]] : [],
    ),
    [
      [before?.leg, undefined, undefined],
      [told?.leg, before?.leg, 'user:olena'],
    ],
  )
  assert.equal(answer(), false)
  exchange.hangUp(caller)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.equal(clock.pending, 0)
})

test('a phone that does not obey rings for the time it has left, with music for the caller, and is lifted', async () => {
  const { answer, caller, clock, exchange, legsOf, missed } = await ringing({ '101': { answersAfter: 60 } })
  await clock.advance(5_000)
  assert.ok(answer())
  await settled()
  assert.ok(answer(), 'a second time changes nothing')
  await clock.advance(14_000)
  assert.deepEqual([legsOf('101').length, caller.hasMusic, missed()], [2, true, []])
  exchange.pickUp('101')
  await settled()
  assert.ok(caller.talk)
})

test('told at the last moment it has three seconds, and is missed once', async () => {
  const { answer, clock, missed } = await ringing({ '101': { answersAfter: 60 } })
  await clock.advance(19_900)
  answer()
  await clock.advance(2_900)
  assert.deepEqual(missed(), [])
  await clock.advance(100)
  assert.deepEqual(missed(), ['no-answer'])
})

test('a phone that takes it amiss rings as before', async () => {
  const { answer, caller, exchange, legsOf, missed } = await ringing({ '101': 'rings' })
  const { dial } = exchange.port
  exchange.port.dial = async (order, signal) => (order.answersItself ? 'busy' : dial(order, signal))
  answer()
  await settled()
  assert.deepEqual([legsOf('101').at(-1)?.ended, missed()], [undefined, []])
  exchange.pickUp('101')
  await settled()
  assert.ok(caller.talk)
})

test('of phones that ring together one is told, and the others ring on until it answers', async () => {
  const { answer, caller, clock, legsOf } = await ringing({
    '101': { answersAfter: 60 },
    '102': { answersAfter: 8 },
  })
  answer('101')
  await clock.advance(7_900)
  assert.deepEqual([legsOf('101').length, legsOf('102').length], [2, 1])
  await clock.advance(100)
  assert.equal(legsOf('102')[0]?.talk, caller.talk)
  assert.equal(legsOf('101')[1]?.ended, 'cancelled')

  const both = await ringing({ '101': 'rings', '102': 'rings' })
  both.answer('102')
  await settled()
  assert.equal(both.legsOf('102').at(-1)?.talk, both.caller.talk)
  assert.deepEqual([both.legsOf('101').length, both.legsOf('101')[0]?.ended], [1, 'cancelled'])
})

test('a caller who hangs up at any moment in between leaves nothing', async () => {
  for (const script of ['rings', { answersAfter: 60 }] as const)
    for (let turns = 0; turns < 30; turns += 1) {
      const house = await ringing({ '101': script })
      house.answer()
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      house.exchange.hangUp(house.caller)
      await settled()
      assert.deepEqual(house.exchange.alive(), [], `after ${turns} turns`)
      assert.equal(house.clock.pending, 0)
      assert.equal(house.calls.live().length, 0)
    }
})

test('where no phone rings, or the exchange cannot, nothing happens', async () => {
  const { answer, call, calls, exchange, legsOf } = await ringing({ '101': 'rings', [passenger]: 'rings' })
  assert.equal(answer('102'), false)
  assert.equal(answer(passenger), false, 'no phone of the house')
  assert.equal(calls.answerAt('no such call', '101', 'user:olena'), false)
  Object.assign(exchange.port.capabilities, { tellsToAnswer: () => false })
  assert.equal(calls.tellsToAnswer('101'), false)
  assert.equal(calls.answerAt(call.id, '101', 'user:olena'), false)
  await settled()
  assert.equal(legsOf('101').length, 1)
})
