import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { day, everybody, minute, openQuality } from '../../test/support/quality-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client, driver } from '../../test/support/town.ts'
import { plugin as blacklist } from '../blacklist/plugin.ts'
import { isChosen } from './share.ts'

const stranger = '+380509998877'

test('some time after his trip the client is rung and marks driver and dispatcher by key', async (t) => {
  const house = await openQuality(t, { settings: everybody })
  await house.moves('client_in_car')
  await house.moves('done')
  await house.app.clock.advance(5 * minute - 1)
  assert.equal(house.rung(), 0)
  await house.app.clock.advance(1)
  const him = await house.answers()
  assert.deepEqual(him.hearing(), ['greeting', 'rateDriver'])
  await him.presses('5')
  assert.deepEqual(him.hearing(), ['rateDispatcher'])
  await him.presses('3')
  assert.deepEqual(him.hearing(), ['thanks'])
  assert.deepEqual(house.marks(), [
    ['driver', driver, 5],
    ['dispatcher', '101', 3],
  ])
  assert.deepEqual(house.results(), ['reached'])
})

test('silence is no mark, and 0 brings an operator', async (t) => {
  const house = await openQuality(t, { settings: everybody })
  await house.rides()
  const him = await house.answers()
  for (let told = 0; told < 2; told += 1) {
    him.leg.playing?.finish()
    await house.app.clock.advance(5_000)
  }
  assert.equal(him.leg.ended, 'normal')
  assert.deepEqual(house.marks(), [])
  house.app.exchange.phones.set(stranger, 'rings')
  await house.rides('8', stranger)
  const other = await house.answers(stranger)
  await other.presses('0')
  assert.equal(house.app.factsNamed('call.waiting').at(-1)?.data.place, 'operators')
})

test('of the same order the share always decides the same, and so many percent are chosen', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 30 }), fc.nat(100), (order, percent) => {
      assert.equal(isChosen(order, percent), isChosen(order, percent))
      assert.ok(!isChosen(order, 0) && isChosen(order, 100))
      assert.ok(!isChosen(order, percent) || isChosen(order, Math.min(100, percent + 1)))
    }),
  )
  const chosen = Array.from({ length: 5_000 }, (_, order) => isChosen(String(order), 20)).filter(Boolean)
  assert.ok(Math.abs(chosen.length - 1_000) < 100, `${chosen.length}`)
})

test('nobody is asked about trips outside the share', async (t) => {
  const house = await openQuality(t, { settings: { afterTrip: { share: 0 } } })
  await house.rides()
  assert.equal(house.rung(), 0)
  assert.equal(house.app.clock.pending, 0)
})

test('no number is asked twice a week', async (t) => {
  const house = await openQuality(t, { settings: everybody })
  house.app.exchange.phones.set(client, 'busy')
  await house.rides('7')
  await house.app.clock.advance(3 * day)
  await house.rides('8')
  assert.deepEqual(house.results(), ['busy', 'busy', 'asked_lately'])
  await house.app.clock.advance(4 * day)
  await house.rides('9')
  assert.equal(house.rung(), 3)
})

test('two trips that end at once are one asking', async (t) => {
  const house = await openQuality(t, { settings: everybody })
  for (const order of ['7', '8']) {
    await house.moves('client_in_car', order)
    await house.moves('done', order)
  }
  await house.app.clock.advance(5 * minute)
  const him = await house.answers()
  await him.hangsUp()
  await house.app.clock.advance(day)
  assert.equal(house.rung(), 1)
  assert.deepEqual(house.results(), ['reached', 'asked_lately'])
})

test('who is black-listed, by us or by the dispatch program, is left in peace', async (t) => {
  const house = await openQuality(t, { settings: everybody, beside: [blacklist] })
  await house.app.http.inject({
    method: 'POST',
    url: '/api/plugins/blacklist/entries',
    payload: { list: 'black', phone: client, reason: 'rude' },
  })
  await house.rides()
  assert.equal(house.rung(), 0)
  assert.deepEqual(house.results(), ['unwanted'])

  const { dispatch } = house.town
  const capabilities = new Set([...(dispatch.capabilities ?? []), 'identify' as const])
  const black = { kind: 'client', category: 'black', orders: 0 } as const
  const other = await openQuality(t, {
    settings: everybody,
    dispatch: { capabilities, identify: async () => black },
  })
  await other.rides()
  assert.deepEqual([other.rung(), other.results()], [0, ['unwanted']])
})

test('outside the hours he is asked when they begin, or not at all when that is too late', async (t) => {
  const nights = {
    afterTrip: {
      share: 100,
      within: 12,
      calendar: { hours: [{ days: ['fri'], from: '06:00', to: '20:00' }] },
    },
  }
  const house = await openQuality(t, { settings: nights })
  await house.app.clock.advance(8 * 60 * minute)
  await house.rides()
  assert.equal(house.rung(), 0)
  await house.app.clock.advance(8 * 60 * minute)
  assert.equal(house.rung(), 1)

  const never = { afterTrip: { share: 100, within: 2, calendar: { holidays: ['01-15'] } } }
  const other = await openQuality(t, { settings: never })
  await other.rides()
  await other.app.clock.advance(day)
  assert.deepEqual([other.rung(), other.results()], [0, ['too_late']])
  assert.equal(other.app.clock.pending, 0)
})

test('who is calling us is not rung, and a phone that rings stops when its owner calls', async (t) => {
  const house = await openQuality(t, { settings: everybody })
  const caller = await house.app.ring({ from: client })
  await house.rides()
  assert.equal(house.rung(), 0)
  await caller.hangsUp()
  await house.app.clock.advance(10 * minute)
  assert.ok(house.isRinging())
  const again = await house.app.ring({ from: client })
  assert.ok(!house.isRinging())
  assert.deepEqual(house.results(), ['calls_us'])
  await again.hangsUp()
  await house.app.clock.advance(5 * minute)
  assert.ok(house.isRinging())
})

test('who does not answer is rung once more', async (t) => {
  const house = await openQuality(t, { settings: everybody })
  await house.rides()
  await house.app.clock.advance(19 * minute)
  assert.equal(house.rung(), 1)
  await house.app.clock.advance(2 * minute)
  assert.equal(house.rung(), 2)
  await house.app.clock.advance(day)
  assert.deepEqual(house.results(), ['no_answer', 'no_answer'])
  assert.equal(house.app.clock.pending, 0)
})

for (const { when, keys, asked, answered } of [
  { when: 'in the greeting', keys: [], asked: 1, answered: 0 },
  { when: 'in the second question', keys: ['5'], asked: 2, answered: 1 },
  { when: 'while he is thanked', keys: ['5', '3'], asked: 2, answered: 2 },
])
  test(`who hangs up ${when} is left in peace, and what he said is kept`, async (t) => {
    const house = await openQuality(t, { settings: everybody })
    await house.rides()
    const him = await house.answers()
    for (const key of keys) await him.presses(key)
    await him.hangsUp()
    await house.app.clock.advance(2 * day)
    assert.equal(house.rung(), 1)
    assert.deepEqual(house.results(), ['reached'])
    assert.deepEqual(house.app.exchange.alive(), [])
    assert.equal(house.app.factsNamed('call.failed').length, 0)
    const { people } = await house.get<{ people: { asked: number; answered: number }[] }>(
      `/marks/report?from=0&until=${house.app.clock.now()}`,
    )
    const sum = (of: 'asked' | 'answered') => people.reduce((total, each) => total + each[of], 0)
    assert.deepEqual([sum('asked'), sum('answered')], [asked, answered])
  })

test('a client is rung once and marks once, whatever is killed in between', async (t) => {
  let house = await openQuality(t, { settings: everybody })
  const { town } = house
  const { exchange, clock, folder } = house.app
  async function killed() {
    await house.app.die()
    house = await openQuality(t, { settings: everybody, exchange, clock, folder, town })
    exchange.connect()
    await settled()
  }
  const rungLegs = () => [...exchange.legs.values()].filter(({ direction }) => direction === 'out').length

  await house.moves('client_in_car')
  await house.moves('done')
  await killed()
  await house.moves('done')
  await clock.advance(5 * minute)
  assert.equal(rungLegs(), 1)
  const him = await house.answers()
  assert.deepEqual(him.hearing(), ['greeting', 'rateDriver'])
  await him.presses('4')
  await killed()
  assert.deepEqual(him.hearing(), ['greeting', 'rateDispatcher'])
  await him.presses('2')
  assert.deepEqual(him.hearing(), ['thanks'])
  him.leg.playing?.finish()
  await settled()
  await killed()
  await clock.advance(6 * minute)
  assert.equal(rungLegs(), 1)
  const report = await house.get<{ people: { given: number[] }[] }>('/marks/report')
  assert.deepEqual(
    report.people.map(({ given }) => given),
    [
      [0, 1, 0, 0, 0],
      [0, 0, 0, 1, 0],
    ],
  )
})
