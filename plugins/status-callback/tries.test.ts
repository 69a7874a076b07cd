import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import type { Order } from '#core/ports/dispatch.ts'
import { openCalledTown } from '../../test/support/called-town.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client } from '../../test/support/town.ts'

const second = 1_000
const minute = 60 * second
const onlyArrived = { rules: { arrived: {} } }

const refusals = [
  ['busy', 'busy', 3, 45],
  ['rejected', 'busy', 3, 45],
  ['no-answer', 'no_answer', 2, 90],
  ['unreachable', 'switched_off', 2, 180],
  ['invalid', 'invalid', 1, 60],
] as const
for (const [outcome, result, times, pause] of refusals) {
  test(`a phone that is ${outcome} is rung ${times} times, ${pause} s apart, then no more`, async (t) => {
    const house = await openCalledTown(t)
    house.becomes(outcome)
    await house.moves('arrived')
    for (let rung = 1; rung < times; rung += 1) {
      await house.app.clock.advance(pause * second - 1)
      assert.equal(house.rung(), rung)
      await house.app.clock.advance(1)
    }
    await house.app.clock.advance(60 * minute)
    assert.deepEqual(house.results(), Array(times).fill(result))
    const told = house.told()
    assert.ok(told.slice(0, -1).every(({ nextAt }) => nextAt !== undefined))
    assert.equal(told.at(-1)?.nextAt, undefined)
    assert.equal(house.progress().length, 2, 'what came of it is written back once')
    assert.equal(house.app.clock.pending, 0)
  })
}

test('a fault of ours is tried again and counts against nobody', async (t) => {
  const house = await openCalledTown(t, { settings: { attempts: { busy: 1 } } })
  house.becomes('failed')
  await house.moves('arrived')
  await house.app.clock.advance(5 * minute)
  assert.equal(house.rung(), 21)
  house.becomes('busy')
  await house.app.clock.advance(minute)
  assert.equal(house.rung(), 22)
  assert.deepEqual(house.results().slice(-2), ['line_error', 'busy'])
  assert.deepEqual(house.progress(), ['started', 'busy'])
})

test('a fault of ours that lasts ends when the news is old', async (t) => {
  const house = await openCalledTown(t, { settings: { keepTrying: 2 } })
  house.becomes('failed')
  await house.moves('arrived')
  await house.app.clock.advance(10 * minute)
  assert.equal(house.results().at(-1), 'cancelled')
  assert.equal(house.app.clock.pending, 0)
})

test('each result has its own count', async (t) => {
  const house = await openCalledTown(t)
  house.becomes('busy')
  await house.moves('arrived')
  house.becomes('no-answer')
  await house.app.clock.advance(45 * second)
  house.becomes('busy')
  await house.app.clock.advance(90 * second)
  house.becomes('rings')
  await house.app.clock.advance(45 * second)
  const him = await house.answers()
  await him.hears()
  assert.deepEqual(house.results(), ['busy', 'no_answer', 'busy', 'reached_heard'])
})

test('a landline rings longer than a mobile', async (t) => {
  for (const [phone, seconds] of [
    ['+380671234567', 30],
    ['+380443334455', 45],
  ] as const) {
    const house = await openCalledTown(t)
    house.becomes('rings', phone)
    await house.moves('arrived', { phoneToDial: phone })
    await house.app.clock.advance(seconds * second - 1)
    assert.ok(house.isRinging(phone))
    await house.app.clock.advance(1)
    assert.deepEqual(house.results(), ['no_answer'])
  }
})

test('a rule overrules what all rules have in common', async (t) => {
  const arrived = { attempts: { busy: 1 }, ringFor: { mobile: 20, landline: 20 } }
  const house = await openCalledTown(t, { settings: { rules: { arrived } } })
  await house.moves('arrived')
  await house.app.clock.advance(20 * second)
  assert.deepEqual(house.results(), ['no_answer'])
  house.becomes('busy')
  await house.app.clock.advance(10 * minute)
  assert.deepEqual(house.results(), ['no_answer', 'busy'])
})

// The clock of a test starts at 14:00 in Kyiv.
test('quiet hours are waited for by the clock of the site, and the order is read again at their end', async (t) => {
  const settings = { ...onlyArrived, quietHours: { from: '13:30', to: '15:00', meanwhile: 'wait' } }
  const house = await openCalledTown(t, { settings })
  await house.moves('arrived')
  await house.moves('arrived', {}, '8')
  await house.app.clock.advance(59 * minute)
  assert.equal(house.rung(), 0)
  house.town.stands('8', 'client_in_car')
  await house.app.clock.advance(minute)
  assert.deepEqual(
    house.placed().map(({ about }) => about.order),
    ['7'],
  )
})

test('in quiet hours a rule may also drop the call', async (t) => {
  const quietHours = { from: '22:00', to: '18:00', meanwhile: 'drop' }
  const house = await openCalledTown(t, { settings: { rules: { arrived: { quietHours } } } })
  await house.moves('arrived')
  await house.app.clock.advance(24 * 60 * minute)
  assert.equal(house.rung(), 0)
})

test('a number is called only so often a day, our faults not counted', async (t) => {
  const house = await openCalledTown(t, { settings: { ...onlyArrived, perDay: 2 } })
  house.becomes('failed')
  await house.moves('arrived', {}, '1')
  house.becomes('busy')
  await house.app.clock.advance(10 * minute)
  assert.deepEqual(house.results(), ['line_error', 'busy', 'busy', 'cancelled'])
  assert.match(house.told().at(-1)?.because ?? '', /called 2 times today/)
  await house.app.clock.advance(12 * 60 * minute)
  await house.moves('arrived', {}, '2')
  assert.equal(house.rung(), 4)
})

test('an order that moves on stops the ringing at once, and nobody is called again', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  assert.ok(house.isRinging())
  await house.moves('client_in_car')
  assert.ok(!house.isRinging())
  assert.deepEqual(house.results(), ['cancelled'])
  assert.match(house.told()[0]?.because ?? '', /client_in_car/)
  assert.deepEqual(house.progress(), ['started'], 'nothing came of it that could be told')
  await house.app.clock.advance(60 * minute)
  assert.equal(house.rung(), 1)
  assert.equal(house.app.clock.pending, 0)
})

test('an order that moves on between two tries is not called about again', async (t) => {
  const house = await openCalledTown(t)
  house.becomes('busy')
  await house.moves('arrived')
  await house.moves('client_in_car')
  assert.deepEqual(house.results(), ['busy', 'cancelled'])
  await house.app.clock.advance(60 * minute)
  assert.equal(house.rung(), 1)
})

test('an order that moved on and nobody told is noticed immediately before the try', async (t) => {
  const house = await openCalledTown(t)
  house.becomes('busy')
  await house.moves('arrived')
  house.town.stands('7', 'client_in_car')
  await house.app.clock.advance(60 * minute)
  assert.equal(house.rung(), 1)
  assert.deepEqual(house.results(), ['busy', 'cancelled'])
})

test('who talks already hears it to the end, whatever the order does', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  const him = await house.answers()
  await house.moves('client_in_car')
  await him.hears()
  assert.deepEqual(house.results(), ['reached_heard'])
})

test('late news of an earlier stage stops nothing', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  for (const stage of ['searching', 'assigned', 'arrived'] as const) await house.tells(stage)
  assert.ok(house.isRinging())
  assert.equal(house.rung(), 1)
})

test('when the order cannot be read, the word of its move counts', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  house.town.breakDown()
  await house.tells('client_in_car')
  assert.deepEqual(house.results(), ['cancelled'])
})

test('about an order that cannot be read nobody is rung until it can', async (t) => {
  const house = await openCalledTown(t)
  house.town.stands('7', 'arrived')
  house.town.breakDown()
  await house.tells('arrived')
  await house.app.clock.advance(minute)
  assert.equal(house.rung(), 0)
  house.town.repair()
  await house.app.clock.advance(10 * second)
  assert.equal(house.rung(), 1)
})

test('the line is the rule’s, else the one the client called on, else the first', async (t) => {
  const house = await openCalledTown(t, { settings: { rules: { arrived: { line: '200' }, no_show: {} } } })
  await house.moves('no_show')
  const first = await house.answers()
  assert.equal(first.leg.callerId, undefined)
  await first.hangsUp()
  const caller = await house.app.ring({ from: client, to: '+380445556677' })
  await caller.hangsUp()
  await house.app.clock.advance(second)
  await house.moves('no_show', {}, '8')
  const known = await house.answers()
  assert.equal(known.leg.callerId, '+380445556677')
  await known.hangsUp()
  await house.moves('arrived', {}, '9')
  assert.equal(house.app.calls.live()[0]?.to, '200')
})

test('what came of it waits for a dispatch program that is away, and is told once', async (t) => {
  const moves = { reached_heard: 'client_in_car' }
  const house = await openCalledTown(t, { settings: { rules: { arrived: { moves } } } })
  await house.moves('arrived')
  const him = await house.answers()
  house.town.breakDown()
  await him.hears()
  await house.app.clock.advance(minute)
  assert.deepEqual(house.progress(), ['started'])
  house.town.repair()
  await house.app.clock.advance(5 * minute)
  assert.deepEqual(house.progress(), ['started', 'delivered'])
  assert.deepEqual(house.town.moves, [{ order: '7', to: 'client_in_car' }])
  assert.equal(house.app.clock.pending, 0)
})

test('an order that has gone on meanwhile is not moved back by what came of the call', async (t) => {
  const moves = { no_answer: '32' }
  const house = await openCalledTown(t, {
    settings: { rules: { arrived: { moves, attempts: { no_answer: 1 } } } },
  })
  await house.moves('arrived')
  house.town.stands('7', 'client_in_car')
  await house.app.clock.advance(minute)
  assert.deepEqual(house.results(), ['no_answer'])
  assert.deepEqual(house.town.moves, [])
})

test('a sentence that takes long to make is made before the ringing, of an order read after it', async (t) => {
  const house = await openCalledTown(t)
  let reads = 0
  const order = () => house.town.orders.get('7') as Order
  house.town.stands('7', 'arrived')
  const speak = house.app.voice.speak
  house.app.voice.speak = async () => {
    if (reads++ === 0) {
      await house.app.clock.sleep(5 * second)
      house.town.stands('7', 'client_in_car')
    }
    return await speak()
  }
  await house.tells('arrived')
  await house.app.clock.advance(6 * second)
  assert.equal(order().stage, 'client_in_car')
  assert.equal(house.rung(), 0)
  await settled()
})

test('of a flood of cars that have arrived clients are called in turn, each as his order stands by then', async (t) => {
  const house = await openCalledTown(t, { settings: onlyArrived, outgoingAtMost: 1 })
  const [first, gone, third] = [client, '+380500000008', '+380500000009']
  for (const phone of [gone, third]) house.becomes('rings', phone)
  await house.moves('arrived')
  await house.moves('arrived', { phoneToDial: gone }, '8')
  await house.moves('arrived', { phoneToDial: third }, '9')
  const called = () => house.placed().map(({ to }) => to)
  await house.app.clock.advance(20 * second)
  assert.deepEqual(called(), [first])
  house.town.stands('8', 'client_in_car')
  house.app.exchange.refuse(first, 'invalid')
  await settled()
  await house.app.clock.advance(1)
  assert.deepEqual(called(), [first, third], 'who has gone to his car meanwhile is left in peace')
})

test('that we ring is not told after what came of it, though a kill left it open and the dispatch program was away', async (t) => {
  const begun = Promise.withResolvers<void>()
  const before = await openCalledTown(t, {
    dispatch: {
      async reportCallBack(_, signal) {
        begun.resolve()
        await once(signal, 'abort')
        throw signal.reason
      },
    },
  })
  await before.moves('arrived')
  await begun.promise
  await before.app.die()

  const reports: string[] = []
  let isAway = true
  const house = await openCalledTown(t, {
    folder: before.app.folder,
    after: second,
    dispatch: {
      async reportCallBack({ progress }) {
        if (isAway) throw new CallbusError('DISPATCH_UNREACHABLE', { reason: 'test' })
        reports.push(progress)
      },
    },
  })
  house.town.stands('7', 'arrived')
  house.app.exchange.connect()
  await settled()
  await house.app.clock.advance(17 * second)
  const him = await house.answers()
  await him.presses('1')
  await him.hangsUp()
  await house.app.clock.advance(4 * second)
  isAway = false
  for (let passed = 0; passed < 60; passed += 1) await house.app.clock.advance(second)
  assert.deepEqual(reports, ['started', 'delivered'])
})

test('a client with two cars at the door is rung about one after the other, never while he is on the line', async (t) => {
  const house = await openCalledTown(t, { settings: onlyArrived })
  await house.moves('arrived', {}, '7')
  await house.moves('arrived', {}, '8')
  assert.equal(house.rung(), 1)
  const first = await house.answers()
  await house.app.clock.advance(10 * second)
  assert.equal(house.rung(), 1)
  await first.presses('1')
  await first.hangsUp()
  await house.app.clock.advance(5 * second)
  const then = await house.answers()
  await then.presses('1')
  await then.hangsUp()
  assert.deepEqual(
    house
      .placed()
      .map(({ about }) => about.order)
      .sort(),
    ['7', '8'],
  )
  assert.deepEqual(house.results(), ['reached_confirmed', 'reached_confirmed'])

  const calling = house.app.exchange.ring({ from: client, to: '100' })
  await settled()
  await house.moves('arrived', {}, '9')
  await house.app.clock.advance(10 * second)
  assert.equal(house.rung(), 2, 'he talks to us himself')
  house.app.exchange.hangUp(calling)
  await house.app.clock.advance(5 * second)
  assert.equal(house.rung(), 3)
})

test('a dispatch program that stumbles over what came of it is told again, one that means its no is left', async (t) => {
  for (const [stumbles, told] of [
    [2, ['started']],
    [3, []],
  ] as const) {
    let left: number = stumbles
    const reports: string[] = []
    const house = await openCalledTown(t, {
      settings: onlyArrived,
      dispatch: {
        async reportCallBack({ progress }) {
          left -= 1
          if (left >= 0)
            throw new CallbusError('DISPATCH_REFUSED', { request: 'x', status: 10, reason: 'internal' })
          reports.push(progress)
        },
      },
    })
    await house.moves('arrived')
    await house.app.clock.advance(20 * second)
    assert.deepEqual(reports, told)
  }
})
