import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { driver, type TalkHouseOptions, talking } from '../../test/support/talk-house.ts'
import { settled } from '../../test/support/test-clock.ts'

async function withKeys(t: TestContext, more?: TalkHouseOptions) {
  const house = await talking(t, more)
  const { calls, call, caller, exchange, phone } = house
  const main = caller.leg.talk
  const operator = phone('101')
  assert.ok(operator)
  async function keys(pressed: string, leg = operator) {
    for (const key of pressed) if (leg) exchange.press(leg, key)
    await settled()
  }
  const state = () => calls.talkOf(call.id)?.view.state
  return { ...house, main, operator, keys, state }
}

test('*2, an extension and #: the client is held while the two talk; *2 again, and he talks with the other', async (t) => {
  const { caller, factsNamed, keys, main, operator, phone } = await withKeys(t)
  await keys('*2102#')
  assert.deepEqual([caller.leg.hasMusic, operator.talk], [true, phone('102')?.talk])
  await keys('*2')
  assert.deepEqual([caller.leg.talk, phone('102')?.talk, phone('101')], [main, main, undefined])
  assert.deepEqual(
    factsNamed('call.transferred').map(({ data }) => [data.from, data.to, data.how, data.by]),
    [['101', '102', 'warm', '101']],
  )
})

test('who hangs up instead of completing has given the client on as well', async (t) => {
  const { caller, exchange, keys, main, operator, phone } = await withKeys(t)
  await keys('*2102#')
  exchange.hangUp(operator)
  await settled()
  assert.deepEqual([caller.leg.talk, phone('102')?.talk], [main, main])
})

test('*0 takes the client back from a consultation and from hold', async (t) => {
  const { caller, keys, main, operator, phone, state } = await withKeys(t)
  await keys('*2102#')
  await keys('*0')
  assert.deepEqual([caller.leg.talk, operator.talk, phone('102')], [main, main, undefined])
  await keys('*4')
  await keys('*0')
  assert.equal(state(), 'together')
})

test('##, an extension and #: the client is given on at once', async (t) => {
  const { caller, factsNamed, keys, phone } = await withKeys(t)
  await keys('##102#')
  assert.deepEqual([caller.leg.talk, phone('101')], [phone('102')?.talk, undefined])
  assert.equal(factsNamed('call.transferred')[0]?.data.how, 'blind')
})

test('*3 puts all three together', async (t) => {
  const { keys, operator, phone, state } = await withKeys(t)
  await keys('*2102#')
  await keys('*3')
  assert.equal(state(), 'together')
  assert.equal(phone('102')?.listensTo?.leg, operator.leg)
})

test('*4 holds the client and takes him back', async (t) => {
  const { caller, factsNamed, keys, state } = await withKeys(t)
  await keys('*4')
  assert.deepEqual([state(), caller.leg.hasMusic], ['held', true])
  await keys('*4')
  assert.equal(state(), 'together')
  assert.equal(factsNamed('call.held')[0]?.data.by, '101')
})

test('*5 parks the client on hold, and the slot is told to the operator alone', async (t) => {
  const { ask, caller, factsNamed, keys, operator, phone } = await withKeys(t)
  await keys('*5')
  assert.deepEqual([operator.playing?.media, caller.hearing()], [['talk-control.parked'], undefined])
  assert.equal(caller.leg.hasMusic, true)
  operator.playing?.finish()
  await settled()
  assert.equal(phone('101'), undefined)
  assert.equal((await ask('GET', '/parked'))[0].slot, 701)
  assert.equal(factsNamed('call.parked')[0]?.data.by, '101')
})

test('an operator who hangs up while he is told the slot has parked the client', async (t) => {
  const { ask, exchange, factsNamed, keys, operator } = await withKeys(t)
  await keys('*5')
  exchange.hangUp(operator)
  await settled()
  assert.equal((await ask('GET', '/parked'))[0].slot, 701)
  assert.equal(factsNamed('call.parked').length, 1)
})

test('*8 gives the client to the driver of his order, whose keys do nothing', async (t) => {
  const { caller, keys, phone, state } = await withKeys(t)
  await keys('*8')
  assert.equal(caller.leg.talk, phone(driver)?.talk)
  await keys('*4', phone(driver))
  assert.equal(state(), 'together')
})

test('the client’s keys do nothing', async (t) => {
  const { caller, keys, state } = await withKeys(t)
  await keys('*4', caller.leg)
  assert.equal(state(), 'together')
})

test('a code that is none, or cannot be done now, is told to the operator alone', async (t) => {
  const { caller, keys, operator, state } = await withKeys(t)
  await keys('*9')
  assert.deepEqual([operator.playing?.media, caller.hearing()], [['talk-control.unknownCode'], undefined])
  operator.playing?.finish()
  await keys('*3')
  assert.deepEqual(operator.playing?.media, ['talk-control.notNow'])
  operator.playing?.finish()
  await settled()
  assert.equal(state(), 'together')
})

test('an extension that is busy is not asked, and the operator hears so', async (t) => {
  const house = await withKeys(t)
  await house.ring({ from: '+380671110000' })
  await settled()
  await house.keys('*2101#')
  assert.deepEqual(house.operator.playing?.media, ['talk-control.notNow'])
  assert.equal(house.state(), 'together')
})

test('a code begun and left is forgotten after a silence, without a word', async (t) => {
  const { clock, keys, operator, phone, state } = await withKeys(t)
  await keys('*21')
  await clock.advance(4_000)
  await keys('0')
  await clock.advance(5_000)
  await keys('2#')
  assert.deepEqual([state(), operator.playing, phone('102')], ['together', undefined, undefined])
  await clock.advance(5_000)
  await keys('*4')
  assert.equal(state(), 'held')
})

test('a code begun in a talk that ends leaves nothing behind', async (t) => {
  const { caller, clock, exchange, keys } = await withKeys(t)
  const whileTalking = clock.pending
  await keys('*2')
  await caller.hangsUp()
  assert.deepEqual(exchange.alive(), [])
  assert.ok(clock.pending < whileTalking)
})

test('codes are what the settings say', async (t) => {
  const codes = { hold: '#4', park: '' }
  const { keys, operator, state } = await withKeys(t, { settings: { codes } })
  await keys('*4')
  assert.equal(operator.playing?.media[0], 'talk-control.unknownCode')
  operator.playing?.finish()
  await keys('#4')
  assert.equal(state(), 'held')
})
