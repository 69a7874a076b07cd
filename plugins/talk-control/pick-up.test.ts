import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, open, talking } from '../../test/support/talk-house.ts'
import { settled } from '../../test/support/test-clock.ts'

type House = Awaited<ReturnType<typeof open>>

async function parks(house: House, from = client) {
  const caller = await house.ring({ from })
  await settled()
  const call = house.calls.live().at(-1)
  assert.ok(call)
  const { slot } = await house.ask('POST', `/talks/${call.id}/park`)
  return { caller, slot: slot as number }
}
const dials = (house: House, to: string, extension = '102') => house.ring({ to, extension })

test('a phone that dials *8 hears who waits longest, is hung up on, rings and has him', async (t) => {
  const house = await open(t)
  const first = await parks(house)
  await house.clock.advance(1_000)
  const second = await parks(house, '+380671110000')
  const phone = await dials(house, '*8')
  assert.deepEqual(phone.hearing(), ['talk-control.ringsForHim'])
  assert.equal(house.phone('102'), undefined, 'it is not rung while it is used')
  assert.equal(first.caller.leg.hasMusic, true)
  await phone.hears()
  assert.ok(phone.leg.ended)
  assert.equal(first.caller.leg.talk, house.phone('102')?.talk)
  assert.equal(second.caller.leg.hasMusic, true)
  assert.deepEqual(
    house.factsNamed('call.picked-up').map(({ data }) => [data.slot, data.phone, data.by]),
    [[first.slot, '102', '102']],
  )
})

test('with a slot after the code it is the one who waits there, also when the phone is laid down at once', async (t) => {
  const house = await open(t)
  const first = await parks(house)
  const second = await parks(house, '+380671110000')
  const phone = await dials(house, `*8${second.slot}`)
  await phone.hangsUp()
  assert.equal(second.caller.leg.talk, house.phone('102')?.talk)
  assert.equal(first.caller.leg.hasMusic, true)
})

test('two who dial at once are not promised the same client; who finds nobody hears so', async (t) => {
  const house = await open(t)
  await parks(house)
  const [one, other] = [await dials(house, '*8'), await dials(house, '*8', '105')]
  assert.deepEqual(one.hearing(), ['talk-control.ringsForHim'])
  assert.deepEqual(await other.hears(), ['talk-control.nobodyParked'])
  assert.ok(other.leg.ended)
  await one.hears()
  assert.deepEqual(await (await dials(house, '*8799', '105')).hears(), ['talk-control.nobodyThere'])
  assert.deepEqual(await (await dials(house, '*8*1', '105')).hears(), ['talk-control.unknownCode'])
})

test('a phone that is in a talk, or rings in vain, leaves the client parked', async (t) => {
  const house = await talking(t)
  await house.post('park')
  house.exchange.phones.set('102', 'busy')
  await (await dials(house, '*8')).hears()
  assert.equal(house.caller.leg.hasMusic, true)
  await house.ring({ from: '+380671110000' })
  await settled()
  assert.deepEqual(await (await dials(house, '*8', '101')).hears(), ['talk-control.notNow'])
  assert.equal(house.caller.leg.hasMusic, true)
  const free = await dials(house, '*8', '105')
  await free.hears()
  assert.equal(house.caller.leg.talk, house.phone('105')?.talk)
})

test('switched off, or dialled for something else, the code is nothing of ours', async (t) => {
  const house = await open(t, { settings: { parking: { code: '' } } })
  assert.equal((await dials(house, '*8')).leg.ended, 'rejected')
  const usual = await open(t)
  assert.equal((await dials(usual, '*11')).leg.ended, 'rejected')
})
